package org.vocluster.hook;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.definition.AcceleratorMode;

/** The arguments of a PAD host's hook by {@link PadOption}, with what holds without them. */
final class PadArguments {
  private final HookArguments given;

  private PadArguments(HookArguments given) {
    this.given = given;
  }

  static PadArguments parse(List<String> arguments, PadOption.Hook hook)
      throws BadArgumentException {
    return new PadArguments(HookArguments.parseOptions(arguments, PadOption.words(hook)));
  }

  String text(PadOption option) throws BadArgumentException {
    String ifAbsent = option.ifAbsent();
    return ifAbsent == null
        ? given.required(option.word())
        : given.optional(option.word(), ifAbsent);
  }

  Path path(PadOption option) throws BadArgumentException {
    return given.requiredPath(option.word());
  }

  @Nullable Path optionalPath(PadOption option) throws BadArgumentException {
    return given.optionalPath(option.word());
  }

  boolean flag(PadOption option) throws BadArgumentException {
    return given.flag(option.word());
  }

  int number(PadOption option, int min, int max) throws BadArgumentException {
    String ifAbsent = option.ifAbsent();
    return given.number(
        option.word(), ifAbsent == null ? min : Integer.parseInt(ifAbsent), min, max);
  }

  AcceleratorMode accelerator() throws BadArgumentException {
    return given.accelerator();
  }

  AcceptedVos vos() throws BadArgumentException {
    return AcceptedVos.parse(text(PadOption.VOS));
  }
}

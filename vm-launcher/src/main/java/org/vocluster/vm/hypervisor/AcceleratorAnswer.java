package org.vocluster.vm.hypervisor;

/**
 * What trying an accelerator came to.
 *
 * @param works whether a guest ran to its end in time
 * @param reason one line for people
 */
public record AcceleratorAnswer(boolean works, String reason) {}

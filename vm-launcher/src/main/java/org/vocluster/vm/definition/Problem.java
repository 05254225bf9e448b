package org.vocluster.vm.definition;

import org.vocluster.vm.os.Printable;

/**
 * One thing that is wrong with a VOC definition.
 *
 * @param file where the definition stands
 * @param attribute the attribute concerned, or empty for the file as a whole
 * @param value the attribute's value as written, or empty
 * @param fault what is wrong, as the end of a sentence that begins with the attribute and its value
 * @param remedy what to do about it
 */
public record Problem(String file, String attribute, String value, String fault, String remedy) {
  /** The whole problem on one line. */
  public String message() {
    String subject =
        attribute.isEmpty()
            ? ""
            : attribute + (value.isEmpty() ? " " : " = " + Printable.of(value) + " ");
    return "voc: " + Printable.of(file) + ": " + subject + fault + "; " + remedy;
  }

  @Override
  public String toString() {
    return message();
  }
}

package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizeTest {
  @ParameterizedTest
  @CsvSource({
    "'', ap.test",
    "ap.test, ap.test",
    "AP.test, ap.test",
    "second, second@ap.test",
    "second@, second@",
    "second@elsewhere, second@elsewhere",
  })
  void scheddIsCalledAsHtCondorCallsIt(String configured, String name) {
    assertEquals(name, Size.scheddName(configured, "ap.test"));
  }
}

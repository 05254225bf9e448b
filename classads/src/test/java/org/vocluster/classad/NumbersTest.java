package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumbersTest {
  private static final MathContext SIXTEEN = new MathContext(16, RoundingMode.HALF_EVEN);

  @Test
  void realsOfAllMagnitudesHaveTheirSixteenDigits() {
    Random random = new Random(20261123);
    for (int i = 0; i < 200_000; i++) {
      assertSixteenDigits(
          Math.pow(10, random.nextDouble() * 32 - 14) * (0.5 + random.nextDouble()));
      assertSixteenDigits(random.nextInt(1_000_000) / 1000.0 + Double.MIN_VALUE);
      double any = Math.abs(Double.longBitsToDouble(random.nextLong()));
      if (Double.isFinite(any)) {
        assertSixteenDigits(any);
      }
    }
  }

  @Test
  void realsNextToAPowerOfTenHaveTheirSixteenDigits() {
    for (int k = -20; k < 25; k++) {
      double power = Double.parseDouble("1e" + k);
      double v = power;
      for (int i = 0; i < 20; i++) {
        assertSixteenDigits(v);
        v = Math.nextDown(v);
      }
      assertSixteenDigits(Math.nextUp(power));
    }
  }

  @Test
  void aTieGoesToTheEvenDigit() {
    assertEquals("1.234567890123452E+14", scientific(123456789012345.25));
    assertEquals("1.234567890123458E+14", scientific(123456789012345.75));
  }

  private static void assertSixteenDigits(double v) {
    if (v == 0) {
      return;
    }
    BigDecimal rounded = new BigDecimal(v).round(SIXTEEN);
    StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
    int exponent = digits.length() - 1 - rounded.scale();
    while (digits.length() < 16) {
      digits.append('0');
    }
    String expected =
        digits.insert(1, '.')
            + (exponent < 0 ? "E-" : "E+")
            + (Math.abs(exponent) < 10 ? "0" : "")
            + Math.abs(exponent);
    assertEquals(expected, scientific(v));
  }

  private static String scientific(double v) {
    ByteBuilder out = new ByteBuilder();
    Numbers.scientific(out, v);
    return out.toString();
  }
}

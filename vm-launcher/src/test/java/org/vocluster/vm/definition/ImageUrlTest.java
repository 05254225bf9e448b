package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.image.UrlPrefix;

class ImageUrlTest {
  private static ImageUrl url(String text) {
    return assertInstanceOf(ImageUrl.Parsed.Ok.class, ImageUrl.parse(text), text).url();
  }

  private static boolean allowed(String prefixes, String text) {
    for (UrlPrefix prefix : UrlPrefix.parseList(prefixes)) {
      if (ImageUrl.parse(text) instanceof ImageUrl.Parsed.Ok ok && prefix.covers(ok.url())) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://Images.Example.ORG:443/a%20b?x=%26, https://images.example.org/a%20b?x=%26",
    "http://h:80/x, http://h/x",
    "http://h:8080/x, http://h:8080/x",
    "file:///srv/x, file:/srv/x",
    "file:/srv/x, file:/srv/x",
    "OSDF:///ospool/x, osdf:/ospool/x",
    "gdrive://Folder/x, gdrive://folder/x",
    "ftp://h:2121/x, ftp://h:2121/x"
  })
  void urlsAreNormalised(String text, String normalised) {
    assertEquals(normalised, url(text).uri().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "osdf://user@h/x",
        "box:///../x",
        "osdf:x",
        "http://h/x?token=abc",
        "https://h/x?a=b&X-Amz-Signature=abc",
        "https://h/x?private_token=abc",
        "https://h/x?a=%0d%0ab",
        "file://host/x",
        "file:/srv/../etc/shadow",
        "file:/srv/%2e%2e/etc/shadow",
        "file:/srv/.%2E/etc/shadow",
        "file:/srv/..",
        "file:/srv/./x",
        "file:/srv//x",
        "file:/srv%2fx",
        "file:/srv/x?y",
        "file:/srv/x#y",
        "file:srv/x",
        "http:/x",
        "http://h",
        "http://user:pw@h/x",
        "http://user@h/x",
        "http://@h/x",
        "http://h/a/%2e%2e/b",
        "http://h/a%5cb",
        "http://h/a%00b",
        "http://h/a%0ab",
        "http://h/x#y",
        "http://h/a b",
        "http://h/a\nb",
        "http://h/a\\b",
        "http://h\\@evil/x",
        "jar:file:/x!/y",
        "data:,x"
      })
  void trickyUrlsAreRefused(String text) {
    assertInstanceOf(ImageUrl.Parsed.Refused.class, ImageUrl.parse(text), text);
  }

  @Test
  void prefixesHoldSchemeHostPortAndPath() {
    String prefixes = "https://images.example.org/vo/, file:///srv/images/";
    assertTrue(allowed(prefixes, "https://images.example.org/vo/cms.qcow2"));
    assertTrue(allowed(prefixes, "https://IMAGES.example.org:443/vo/cms.qcow2"));
    assertTrue(allowed(prefixes, "file:/srv/images/cms.qcow2"));
    assertFalse(allowed(prefixes, "http://images.example.org/vo/cms.qcow2"));
    assertFalse(allowed(prefixes, "https://images.example.org:8443/vo/cms.qcow2"));
    assertFalse(allowed(prefixes, "https://images.example.org.evil.org/vo/cms.qcow2"));
    assertFalse(allowed(prefixes, "https://images.example.org/vo2/cms.qcow2"));
    assertFalse(allowed(prefixes, "https://images.example.org/vo/../secret"));
    assertFalse(allowed(prefixes, "file:/etc/shadow"));
    assertFalse(allowed("", "file:/etc/shadow"));
  }

  @Test
  void badPrefixIsNamed() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> UrlPrefix.parseList("https://x/,foo"));
    assertTrue(String.valueOf(e.getMessage()).contains("\"foo\""), e.getMessage());
    assertEquals(List.of(), UrlPrefix.parseList(" , "));
  }

  @Test
  void shownUrlHasNoCredentials() {
    assertEquals("https://...@h/x?...", ImageUrl.shown("https://u:p@h/x?sig=secret"));
    assertEquals("https://h/x", ImageUrl.shown("https://h/x"));
    assertEquals("https://h/x#...", ImageUrl.shown("https://h/x#secret?y"));
  }

  @Test
  void textsOfOthersShowNoCredentialsEither() {
    assertEquals(
        "403 for URL: http://h/x?... and \"ftp://...@h/y\" (s3://b/k?...)",
        ImageUrl.masked(
            "403 for URL: http://h/x?sig=secret and \"ftp://u:secret@h/y\" (s3://b/k?secret)"));
    assertEquals("nothing here", ImageUrl.masked("nothing here"));
    assertEquals("://", ImageUrl.masked("://"));
  }
}

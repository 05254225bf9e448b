package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
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
    "FILE://LOCALHOST/srv/x, file:/srv/x",
    "OSDF:///ospool/x, osdf:///ospool/x",
    "osdf:/ospool/x, osdf:///ospool/x",
    "gdrive://Folder/x, gdrive://Folder/x",
    "osdf://OSPool/x, osdf://OSPool/x",
    "ROOT://EOS.Example.org:01094//eos/X, root://eos.example.org:1094//eos/X",
    "gs://VO_images:/X, gs://VO_images/X",
    "HTTP://Image_Server:80/X, http://image_server/X",
    "https://[2001:DB8::7]:443/x, https://[2001:db8::7]/x",
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
        "data:,x",
        // Doubled slashes elsewhere than after a host, where some protocols have them.
        "http://h//x",
        "https://h/a//x",
        "root://h//a//b",
        "root://h///a",
        "root:////a",
        "file:////srv/x",
        "osdf:////ospool/x",
        // Escapes that somebody on the way may read once more, or as another character.
        "root://h//a/../b",
        "root://h//a/%2e%2E/b",
        "http://h/a/%252e%252e/b",
        "http://h/a/%25252e./b",
        "http://h/a%252fb",
        "http://h/a/%c0%ae%c0%ae/b",
        "http://h/a/..;x/b",
        "http://h/a/%2e%2e%3bx/b",
        "https://h/x?a=%1bb",
        "https://h/x?a=%7f",
        // Hosts that are none.
        "http://-h/x",
        "http://.h/x",
        "http://a..b/x",
        "http://h%2eevil/x",
        "http://h%00/x",
        "http://a,b/x",
        "http://a;b/x",
        "http://a$b/x",
        "http://a_b@c/x",
        "gs://u:p@vo_images/x",
        "http://h:99999/x",
        "http://h:0/x",
        "http://h_1:8o/x",
        "http://h_1:1:2/x",
        "http://[fe80::1%25eth0]/x",
        "http://[::1/x",
        "http://[v1.x]/x",
        "file://localhost:1/x",
        "gs:///x?y#z"
      })
  void trickyUrlsAreRefused(String text) {
    assertInstanceOf(ImageUrl.Parsed.Refused.class, ImageUrl.parse(text), text);
  }

  /** One of each kind that HTCondor's plugins take. */
  @Test
  void whatHostsMayFetchIsAUrl() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ImageUrlTest.class.getResourceAsStream("urls.txt"))) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      for (String line : lines) {
        if (!line.startsWith("#")) {
          ImageUrl url = url(line);
          // Whoever reads it again gets the same.
          assertEquals(url, url(url.uri().toString()));
        }
      }
    }
  }

  @Test
  void aNameIsNoUrlThatIsTooLong() {
    assertInstanceOf(
        ImageUrl.Parsed.Refused.class, ImageUrl.parse("http://" + "a.".repeat(130) + "b/x"));
    assertInstanceOf(
        ImageUrl.Parsed.Refused.class, ImageUrl.parse("http://" + "a".repeat(64) + "/x"));
    assertInstanceOf(ImageUrl.Parsed.Refused.class, ImageUrl.parse("http://h/" + "a".repeat(2048)));
  }

  /** Each of the URLs is another place than the prefix, or none at all. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root://h//eos/vo/|root://h/eos/vo/x",
        "root://h/eos/vo/|root://h//eos/vo/x",
        "root://h//eos/vo/|root://h//eos/vo/../x",
        "root://h//eos/vo/|root://h//eos/vo//eos/x",
        "root://h//eos/vo/|root://h:1095//eos/vo/x",
        "root://h//eos/vo/|roots://h//eos/vo/x",
        "gs://vo_images/|gs://vo_images.evil.org/x",
        "gs://vo_images/|gs://vo_images:80/x",
        "gs://vo_images/|gs://VO_images/x",
        "gs://vo_images/|gs://other_images/x",
        "http://image_server/a/|http://image_server:8080/a/x",
        "http://image_server/a/|http://other_server/a/x",
        "http://image_server/a/|http://image_server@evil/a/x",
        "osdf:///ospool/|osdf://ospool/x",
        "osdf://ospool/|osdf:///ospool/x",
        "osdf:///ospool/vo/|osdf:///ospool/vo/%2e%2e/x",
        "https://h/vo/|https://h/vo/%252e%252e/x",
        "https://h/vo/|https://h/vo/..;/x",
        "https://h/vo/|https://h./vo/x",
        "file:/srv/images/|file://localhost/srv/images2/x"
      })
  void prefixesAreNotGotRound(String prefix, String text) {
    assertFalse(allowed(prefix, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root://H:1094//eos/vo/|root://h:1094//eos/vo/x",
        "gs://vo_images/|gs://vo_images/x",
        "http://image_server/a/|http://IMAGE_server:80/a/x",
        "osdf:/ospool/|osdf:///ospool/x",
        "https://[2001:db8::7]/|https://[2001:DB8::7]:443/x",
        "file:///srv/images/|file://localhost/srv/images/x"
      })
  void prefixesCoverTheSamePlaceHoweverItIsSpelt(String prefix, String text) {
    assertTrue(allowed(prefix, text));
  }

  /** Where the files are in the query, a prefix of it would have to know what it means. */
  @Test
  void aPrefixHasNoQuery() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> UrlPrefix.parseList("srm://h/m?SFN=/vo/"));
    assertTrue(String.valueOf(e.getMessage()).contains("has a query"), e.getMessage());
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

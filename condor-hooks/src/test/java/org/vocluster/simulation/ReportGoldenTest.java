package org.vocluster.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertSays;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.vocluster.simulation.report.Chart;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.report.ReportText;
import org.vocluster.simulation.report.Timeline;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

class ReportGoldenTest {
  private static ASimulation tiny() {
    return new ASimulation()
        .voc("cms", "cms", "")
        .voc("atlas", "atlas", "MaxNodes = 1")
        .jobs(3, "cms", 0, 120, 1)
        .jobs(2, "atlas", 30, 60, 2)
        .hosts("2x4cpu,16GB,100GB")
        .boot(20, 5);
  }

  private static void assertGolden(String name, String actual) throws IOException {
    String expected = "";
    try (InputStream in = ReportGoldenTest.class.getResourceAsStream(name)) {
      if (in != null) {
        expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    if (!expected.equals(actual)) {
      Path written = Path.of("target", "golden", name);
      Files.createDirectories(written.toAbsolutePath().getParent());
      Files.writeString(written, actual);
      assertEquals(expected, actual, "see " + written.toAbsolutePath());
    }
  }

  private static Document parsed(String svg)
      throws ParserConfigurationException, SAXException, IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theTableIsAsItWas() throws IOException {
    assertGolden(
        "tiny.table",
        ReportText.table(tiny().run().reports()).stream()
            .map(line -> String.join(" | ", line).strip())
            .collect(Collectors.joining("\n", "", "\n")));
  }

  @Test
  void theCommaSeparatedValuesAreAsTheyWere() throws IOException {
    assertGolden("tiny.csv", ReportText.csv(tiny().run().reports()));
  }

  @Test
  void thePlotIsAsItWas() throws IOException {
    assertGolden("tiny.svg", tiny().run().svg());
  }

  @Test
  void everyLineOfTheCsvHasAsManyCells() {
    Report report = tiny().report();
    Report renamed =
        new Report(
            "a \"b\", c", report.rows(), report.unserved(), report.assumed(), report.hours());
    List<String> lines = ReportText.csv(List.of(renamed)).lines().toList();
    assertEquals(1 + report.rows().size(), lines.size());
    long commas = lines.getFirst().chars().filter(c -> c == ',').count();
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.startsWith("\"a \"\"b\"\", c\","), line);
      assertEquals(commas + 1, line.chars().filter(c -> c == ',').count());
    }
  }

  @Test
  void thePlotIsXmlWhateverTheNamesAre() throws Exception {
    Timeline timeline = new Timeline();
    timeline.add(Timeline.Series.BUSY, 3);
    timeline.keep(0);
    String name = "<script>&\"'\u0000\u0007 ü 😀";
    Document document =
        parsed(
            Chart.svg(
                name,
                List.of(new Chart.Run(name, timeline, 1000), new Chart.Run("b", timeline, 500))));
    assertEquals("svg", document.getDocumentElement().getLocalName());
    assertEquals(
        "<script>&\"' ü 😀", document.getElementsByTagName("title").item(0).getTextContent());
    assertEquals(0, document.getElementsByTagName("script").getLength());
  }

  @Test
  void thePlotNamesItsAxesAndLayers() throws Exception {
    String text = parsed(tiny().run().svg()).getDocumentElement().getTextContent();
    assertSays(
        text,
        "jobs",
        "nodes",
        "running jobs",
        "idle jobs",
        "busy",
        "idle",
        "booting",
        "leaving",
        "queued",
        "since the first submission");
  }
}

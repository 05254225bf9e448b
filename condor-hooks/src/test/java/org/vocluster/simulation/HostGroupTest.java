package org.vocluster.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostGroupTest {
  @Test
  void groupsOfHostsAreRead() {
    HostGroup.Reading reading =
        HostGroup.parse("10x32cpu,128GB,2TB; 2x64cpus,512gb,500GB,4gpu;8cpu,1500MB,20GB;");
    assertEquals(List.of(), reading.problems());
    assertEquals(
        List.of(
            new HostGroup(10, 32, 128 * 1024, 2L << 30, 0),
            new HostGroup(2, 64, 512 * 1024, 500L << 20, 4),
            new HostGroup(1, 8, 1500, 20L << 20, 0)),
        reading.groups());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ten hosts",
        "10x32cpu",
        "10x32cpu,128GB",
        "10x32cpu,128,2TB",
        "0x32cpu,128GB,2TB",
        "10x0cpu,128GB,2TB",
        "10x32cpu,0GB,2TB",
        "10x32cpu,128GB,2TB,4gpu,5",
        "99999999999x1cpu,1GB,1GB"
      })
  void whatIsNoGroupIsQuoted(String text) {
    assertEquals(
        List.of(
            "\"" + text + "\" is no group of hosts; write COUNTxCPUScpu,MEMORYGB,DISKGB[,GPUSgpu]"),
        HostGroup.parse(text).problems());
  }

  @Test
  void noHostAndTooManyAreProblems() {
    assertEquals(
        List.of("there is no host; write COUNTxCPUScpu,MEMORYGB,DISKGB[,GPUSgpu]"),
        HostGroup.parse(" ; ").problems());
    assertEquals(
        List.of("there are more than 100000 hosts; give fewer"),
        HostGroup.parse("90000x1cpu,1GB,1GB;90000x1cpu,1GB,1GB").problems());
  }
}

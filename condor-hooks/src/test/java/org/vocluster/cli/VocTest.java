package org.vocluster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertSays;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.condor.PrintedSettings;
import org.vocluster.vm.os.Command;

class VocTest {
  private static final String CMS =
      """
      [ Name = "cms"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
        ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        Cpus = 2; MemoryMb = 2048; DiskMb = 4096; MaxNodes = 5 ]
      """;

  @TempDir Path root;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private FakeSite site;

  @BeforeEach
  void setUp() throws IOException {
    for (String directory :
        List.of("vocs.d", "keys", "tokens", "passwords.d", "tokens.d", "images", "bin")) {
      Files.createDirectory(root.resolve(directory));
    }
    site = new FakeSite();
  }

  @Test
  void helpNamesEverySubcommandAndTheExitStatuses() {
    assertEquals(ExitCode.OK, voc("--help"));
    assertSays(out(), "status", "check FILE", "vo add NAME", "image add", "exit status:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "list",
        "why",
        "plan",
        "log",
        "nodes",
        "report boot",
        "check",
        "register",
        "unregister",
        "vo add",
        "image list",
        "image add",
        "image verify",
        "image prune",
        "reap",
        "simulate",
        "classad"
      })
  void everySubcommandHasHelp(String name) {
    List<String> args = new ArrayList<>(List.of(name.split(" ", -1)));
    args.add("--help");
    assertEquals(ExitCode.OK, voc(args.toArray(String[]::new)));
    assertTrue(out().startsWith("usage: voc " + name), out());
    assertEquals("", err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "why",
        "why alice",
        "why --verbose",
        "why 12.0 -allusers",
        "plan --frob",
        "log cms",
        "log --since=yesterday",
        "nodes --frob",
        "nodes --since=1h",
        "report",
        "report boot --since=soon",
        "check",
        "register",
        "register a b",
        "unregister",
        "unregister ../x",
        "vo",
        "vo add",
        "vo add Bad_Name",
        "vo add ../../etc",
        "vo add VO.cta.example.eu",
        "vo add cta --name=Vo.Cta",
        "vo add cta --name=a --name=b",
        "vo add vo.cta.example.eu --name=vo.cta.example.eu",
        "vo add 4d.example",
        "vo add cta --frob",
        "image add",
        "status x",
        "image add https://x/y",
        "image list x",
        "image prune --all",
        "image add f --sha256=abc",
        "simulate",
        "simulate --frobnicate"
      })
  void commandLineWithoutSenseIsUsage(String line) {
    assertEquals(ExitCode.USAGE, voc(line.isEmpty() ? new String[0] : line.split(" ", -1)), err());
    assertTrue(err().startsWith("voc: ") || err().startsWith("usage: "), err());
  }

  @Test
  void checkNamesAllProblems() throws IOException {
    Path file = Files.writeString(root.resolve("bad.ad"), "[ Name = \"Bad\"; Cpus = 0 ]");
    assertEquals(ExitCode.PROBLEM, voc("check", file.toString()));
    assertTrue(err().lines().count() >= 6, err());
    assertTrue(err().lines().allMatch(line -> line.startsWith("voc: " + file + ": ")), err());
  }

  @Test
  void registerPlacesTheDefinitionUnderItsNameAndUnregisterTakesItAway() throws IOException {
    Path file = Files.writeString(root.resolve("whatever.txt"), CMS);
    assertEquals(ExitCode.OK, voc("register", file.toString()), err());
    Path place = root.resolve("vocs.d/cms.ad");
    assertEquals(CMS, Files.readString(place));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
    assertSays(err(), "run `voc vo add cms` as root");
    assertEquals(ExitCode.OK, voc("register", file.toString()));
    assertSays(out(), "replaced " + place);
    assertEquals(ExitCode.OK, voc("unregister", "cms"));
    assertEquals(ExitCode.PROBLEM, voc("unregister", "cms"));
    try (var left = Files.list(root.resolve("vocs.d"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void faultyDefinitionIsNotRegistered() throws IOException {
    Path file = Files.writeString(root.resolve("bad.ad"), CMS.replace("Cpus = 2", "Cpus = -2"));
    assertEquals(ExitCode.PROBLEM, voc("register", file.toString()));
    try (var left = Files.list(root.resolve("vocs.d"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void voGetsItsKeyAndTokenOnceAndOnlyOnce() throws IOException {
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    String key = Files.readString(root.resolve("keys/voc-cms"));
    assertEquals(64, key.length());
    assertEquals(key, Files.readString(root.resolve("passwords.d/voc-cms")));
    assertEquals("a.b.c\n", Files.readString(root.resolve("tokens/cms/submit")));
    for (String file : List.of("keys/voc-cms", "passwords.d/voc-cms", "tokens/cms/submit")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file))));
    }
    assertTrue(
        site.ran.contains(
            root.resolve("bin/condor_token_create")
                + " -identity voc-cms@pool.test -key voc-cms -authz READ -authz WRITE"),
        site.ran.toString());
    assertSays(out(), "The collector runs elsewhere (cm.test)");
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    assertEquals(key, Files.readString(root.resolve("keys/voc-cms")));
    assertEquals(1, site.ran.stream().filter(line -> line.contains("token_create")).count());
  }

  @Test
  void sizingGetsTheHostsTokensWhereTheCollectorIsElsewhere() throws IOException {
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    assertSays(err(), "tokens.d: has no token");
    Files.writeString(root.resolve("tokens.d/condor@pool.test"), "d.e.f\n");
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    Path copy = root.resolve("tokens/.host/condor@pool.test");
    assertEquals("d.e.f\n", Files.readString(copy));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.getParent())));
  }

  @Test
  void voWithoutAccountIsRefusedWithTheCommandThatMakesIt() throws IOException {
    site.account = false;
    assertEquals(ExitCode.PROBLEM, voc("vo", "add", "cms"));
    assertTrue(err().startsWith("voc: account voc-cms: does not exist"), err());
    assertSays(err(), "useradd");
    try (var keys = Files.list(root.resolve("keys"))) {
      assertEquals(0, keys.count());
    }
  }

  @Test
  void aVoHasARealNameBesideItsShortOne() throws IOException {
    Path map = Files.writeString(root.resolve("vos.map"), "# ours\n* t2k.example t2k");
    assertEquals(ExitCode.OK, voc("vo", "add", "cta", "--name=vo.cta.example.eu"), err());
    assertEquals("# ours\n* t2k.example t2k\n* vo.cta.example.eu cta\n", Files.readString(map));
    assertSays(out(), "made   name  vo.cta.example.eu in " + map + ", of VO cta");
    assertTrue(Files.exists(root.resolve("keys/voc-cta")));
    assertEquals(ExitCode.OK, voc("vo", "add", "cta", "--name=vo.cta.example.eu"), err());
    assertSays(out(), "kept   name  vo.cta.example.eu in " + map);
    assertEquals(3, Files.readAllLines(map).size());
  }

  @Test
  void ofARealNameAloneAShortOneIsMade() throws IOException {
    assertEquals(ExitCode.OK, voc("vo", "add", "vo.cta.example.eu"), err());
    assertEquals("* vo.cta.example.eu cta-example-eu\n", Files.readString(root.resolve("vos.map")));
    assertTrue(Files.exists(root.resolve("keys/voc-cta-example-eu")));
    assertSays(out(), "* alice cta-example-eu");
  }

  @ParameterizedTest
  @CsvSource({
    "cta2, vo.cta.example.eu, vo.cta.example.eu is the real name of VO cta already",
    "cta, cta.example, VO cta has the real name vo.cta.example.eu already",
    "other, cta, cta is the short name of another VO",
    "other, cms, cms is the short name of another VO",
    "plain, other.example, that is the real name of VO x"
  })
  void namesOfVosAreNotMixedUp(String vo, String real, String fault) throws IOException {
    Files.writeString(root.resolve("keys/voc-cms"), "k");
    String before = "* vo.cta.example.eu cta\n* plain x\n";
    Files.writeString(root.resolve("vos.map"), before);
    assertEquals(ExitCode.PROBLEM, voc("vo", "add", vo, "--name=" + real));
    assertSays(err(), "voc: VO " + vo + ": " + fault + "; choose another name, or mend ");
    assertEquals(before, Files.readString(root.resolve("vos.map")));
    assertFalse(Files.exists(root.resolve("keys/voc-" + vo)));
  }

  @Test
  void aDefinitionsRealNameIsHeldAgainstTheMap() throws IOException {
    Path file =
        Files.writeString(
            root.resolve("c.ad"),
            CMS.replace("VO = \"cms\";", "VO = \"cms\"; VoName = \"vo.cms.example\";"));
    assertEquals(ExitCode.OK, voc("register", file.toString()), err());
    assertSays(out(), "of VO vo.cms.example (cms)");
    assertSays(err(), "vo.cms.example is missing", "run `voc vo add cms --name=vo.cms.example`");
    Files.writeString(root.resolve("vos.map"), "* vo.cms.example x\n");
    assertEquals(ExitCode.OK, voc("register", file.toString()), err());
    assertSays(err(), "vo.cms.example is VO x, so +VocVO");
  }

  /** A token of this host would be shown to nobody there, and nobody would say so. */
  @Test
  void aTrustDomainThatIsNotTheCollectorsIsSaid() throws IOException {
    program("condor_config_val", "echo cm.test");
    assertEquals(ExitCode.PROBLEM, voc("vo", "add", "cms"));
    assertSays(
        err(), "voc: TRUST_DOMAIN: is pool.test on this host and cm.test on the central manager");
    assertFalse(Files.exists(root.resolve("keys/voc-cms")));
    program("condor_config_val", "echo pool.test");
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
  }

  @Test
  void aTokenOfAnotherTrustDomainIsMadeAnew() throws IOException {
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    Path token = root.resolve("tokens/cms/submit");
    // {"iss":"old.test"}
    Files.writeString(token, "e30.eyJpc3MiOiJvbGQudGVzdCJ9.x\n");
    assertEquals(ExitCode.OK, voc("vo", "add", "cms"), err());
    assertEquals("a.b.c\n", Files.readString(token));
  }

  private void program(String name, String text) throws IOException {
    Path program = Files.writeString(root.resolve("bin/" + name), "#!/bin/sh\n" + text + "\n");
    assertTrue(program.toFile().setExecutable(true));
  }

  @Test
  void classadEvaluatesAndPassesTheToolsStatusOn() {
    assertEquals(ExitCode.OK, voc("classad", "eval", "strcat(\"a\", 1 + 2)"), err());
    assertEquals("\"a3\"\n", out());
    assertEquals(ExitCode.USAGE, voc("classad", "eval", "1 +"));
  }

  @Test
  void voIsAddedOnlyByRoot() {
    site.uid = "1000";
    assertEquals(ExitCode.NOT_PERMITTED, voc("vo", "add", "cms"));
  }

  @Test
  void imageAddChecksWhatItCopies() throws IOException {
    Path file = Files.writeString(root.resolve("no.qcow2"), "not an image");
    assertEquals(ExitCode.PROBLEM, voc("image", "add", file.toString()));
    assertTrue(err().startsWith("voc: image file:"), err());
    assertEquals(ExitCode.FAILED, voc("image", "add", root.resolve("missing").toString()));
  }

  /** A comma is between prefixes in a list, and a character like others in a name. */
  @Test
  void imageAddTakesAFileWithACommaInItsName() throws Exception {
    assertEquals(64, imageByHand("el9,2026-11.qcow2").length());
  }

  @Test
  void imageAddNamesWhatIsNoUrl() {
    assertEquals(ExitCode.PROBLEM, voc("image", "add", "file:/srv/../x.qcow2"), err());
    assertTrue(err().startsWith("voc: image add: file:/srv/../x.qcow2: has a"), err());
    assertEquals(ExitCode.PROBLEM, voc("image", "add", "file:srv x"), err());
  }

  @Test
  void statusShowsWantsHasAndWhy() throws ClassAdSyntaxException {
    String ads =
        """
        MyType = "VOC"
        Name = "cms@ap.test"
        Voc = "cms"
        VocDecision = "submit"
        VocDemandJobs = 9
        VocHeartbeat = 1799999990
        VocMaxNodes = 5
        VocMinNodes = 0
        VocNodesBooting = 1
        VocNodesHeld = 0
        VocNodesIdle = 2
        VocNodesJoined = 1
        VocReason = "9 idle jobs, 4 nodes, 1 missing: submitting 1 node"
        VocVO = "cms"
        VocVoName = "vo.cms.example"

        MyType = "VOC"
        Name = "odd@ap.test"
        Voc = "odd"
        VocDecision = "broken"
        VocHeartbeat = 1799999990
        VocReason = "voc: odd.ad: Image is missing"
        """;
    assertEquals(
        """
        VOC  VO                    JOBS  QUEUED  BOOTING  JOINED  HELD  MIN  MAX  AGE  DECISION
        cms  vo.cms.example (cms)  9     2       1        1       0     0    5    10s  submit
        odd  -                     -     -       -        -       -     -    -    10s  broken

          cms: 9 idle jobs, 4 nodes, 1 missing: submitting 1 node
          odd: voc: odd.ad: Image is missing
        """,
        VocTables.status(
            Ads.inLongForm(ads), Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC));
  }

  @Test
  void statusSaysWhenSizingIsNotHeardOf() throws ClassAdSyntaxException {
    String ad =
        """
        MyType = "VOC"
        Name = "cms@ap.test"
        Voc = "cms"
        VocAccessPoint = "ap.test"
        VocHeartbeat = 1799999000
        VocReason = "no idle job"
        """;
    String status =
        VocTables.status(Ads.inLongForm(ad), Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
    assertSays(status, "sizing does not run on ap.test: it was last heard of");
  }

  @Test
  void planAndLogNeedTheAccessPointsConfiguration() {
    for (String command : List.of("plan", "log")) {
      assertEquals(ExitCode.FAILED, voc(command));
      assertSays(err(), "SCHEDD_CRON_VOC_SIZE_ARGS: is not set; install voc-ap");
    }
    site = new FakeSite();
    site.sizeArguments = "--job-queue-log=/x --frobnicate=1";
    assertEquals(ExitCode.FAILED, voc("plan"));
    assertSays(err(), "frobnicate");
  }

  @Test
  void logShowsTheOlderFileFirst() throws IOException {
    site.sizeArguments =
        "--job-queue-log=/q --definitions=/d --keys=/k --tokens=/t --collector=cm.test"
            + " --trust-domain=pool.test --log=/l --audit-log="
            + root.resolve("VocAuditLog");
    assertEquals(ExitCode.FAILED, voc("log"));
    assertSays(err(), "VocAuditLog: there is none");
    Files.writeString(root.resolve("VocAuditLog"), audit("2026-11-23T08:00:00Z", "cms", "end"));
    Files.writeString(
        root.resolve("VocAuditLog.old"), audit("2026-11-22T08:00:00Z", "cms", "submit"));
    assertEquals(ExitCode.OK, voc("log"), err());
    assertEquals(List.of("submit", "end"), out().lines().map(l -> l.split(" +", -1)[3]).toList());
    assertEquals(ExitCode.OK, voc("log", "--voc=atlas"));
    assertEquals("", out());
    assertEquals(ExitCode.OK, voc("log", "--since=2026-11-23T00:00:00Z"));
    assertEquals(1, out().lines().count());
  }

  @Test
  void bootTimesComeFromTheLogOfNodes() throws IOException {
    site.sizeArguments =
        "--job-queue-log=/q --definitions=/d --keys=/k --tokens=/t --collector=cm.test"
            + " --trust-domain=pool.test --log=/l --node-log="
            + root.resolve("VocNodeLog");
    assertEquals(ExitCode.OK, voc("report", "boot"), err());
    assertSays(out(), "no node has joined or ended in that time");
    String line =
        "{ \"Event\": \"join\", \"Voc\": \"cms\", \"Node\": \"cms-%d\", \"NodeJob\": \"%d.0\","
            + " \"Launched\": 1800000000, \"Exec\": 1800000001, \"FirstAd\": %d }%n";
    Files.writeString(
        root.resolve("VocNodeLog"),
        line.formatted(2, 2, 1800000041) + "torn { \"Node\": \"cms-3\"\n");
    Files.writeString(root.resolve("VocNodeLog.old"), line.formatted(1, 1, 1800000021));
    assertEquals(ExitCode.OK, voc("report", "boot", "--csv"), err());
    assertSays(out(), "cms,Exec,FirstAd,2,20,30.0,40,30.0,14.1\n");
    assertEquals(ExitCode.OK, voc("report", "boot", "atlas"));
    assertTrue(out().startsWith("no node"), out());
    assertEquals(ExitCode.OK, voc("report", "boot", "--since=2027-01-15T08:00:30Z", "cms"));
    assertSays(out(), "cms  1 ");
  }

  private static String audit(String time, String voc, String action) {
    return """
        { "Time": "%s", "Voc": "%s", "Action": "%s", "Nodes": "cms-a", "Reason": "why" }
        """
        .formatted(time, voc, action);
  }

  private ExitCode voc(String... args) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Voc(site).run(List.of(args), terminal);
  }

  private String imageByHand(String name) throws Exception {
    Path file = root.resolve(name);
    Command.of(
            Duration.ofSeconds(30),
            List.of("qemu-img", "create", "-q", "-f", "qcow2", file.toString(), "1M"))
        .output();
    Files.write(file, name.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    assertEquals(ExitCode.OK, voc("image", "add", file.toString()), err());
    String said = out();
    int digest = said.lastIndexOf("ImageSha256 = \"") + 15;
    return said.substring(digest, digest + 64);
  }

  /** What the collector says of VOCs. */
  @Test
  void statusSaysWhatOfTheConfigurationInForceIsMissing() throws IOException {
    site.sizeArguments =
        "--job-queue-log=/q --definitions=/d --keys=/k --collector=cm.test --access-point=ap.test"
            + " --trust-domain=site.test --log=/l --tokens="
            + root.resolve("tokens")
            + " --bin="
            + root.resolve("bin");
    script(
        "condor_status",
        """
        case "$*" in
          *-schedd*) printf 'Name = "ap2.test"\\nVocMissing = { [ Knob = "X"; Where = "y"; Lacks = "z"; Means = "m"; Remedy = "r"; Stops = true ] }\\n' ;;
        esac
        """);
    Files.writeString(root.resolve("schedd"), PrintedSettings.text("schedd-weakened-25.14"));
    Files.writeString(root.resolve("collector"), PrintedSettings.text("collector-sound-25.14"));
    script(
        "condor_config_val",
        "case \"$*\" in *-schedd*) cat %1$s/schedd ;; *) cat %1$s/collector ;; esac\nexit 1\n"
            .formatted(root));
    script("condor_q", "");
    assertEquals(ExitCode.OK, voc("status"), err());
    assertSays(
        out(),
        "NO NODE IS ASKED FOR, for whatever VO:\n  SUBMIT_REQUIREMENT_VocVOIsOwn of schedd ap.test"
            + " is not what voc-ap makes it (said last in /etc/condor/condor_config.local)",
        "    -> take SUBMIT_REQUIREMENT_VocVOIsOwn out of that file, then condor_reconfig\n",
        "sizing of schedd ap2.test ASKS FOR NO NODE, for whatever VO:\n  X of y z: m\n    -> r\n");
    Files.writeString(root.resolve("schedd"), PrintedSettings.text("schedd-sound-25.14"));
    out.reset();
    assertEquals(ExitCode.OK, voc("status"), err());
    assertSays(out(), "the configuration in force is what VOC rests on\n");
  }

  private void script(String name, String text) throws IOException {
    Path program = Files.writeString(root.resolve("bin").resolve(name), "#!/bin/sh\n" + text);
    assertTrue(program.toFile().setExecutable(true));
  }

  private void vocAds(String ads) throws IOException {
    Path program = root.resolve("bin/condor_status");
    Files.writeString(program, "#!/bin/sh\ncat <<END\n" + ads + "\nEND\n");
    assertTrue(program.toFile().setExecutable(true));
  }

  @Test
  void imagesAreListedWithTheirVocsAndWhatIsOnItsWay() throws Exception {
    String digest = imageByHand("one");
    vocAds("Name = \"x\"\nVoc = \"cms\"\nVocImage = \"" + digest + "\"");
    Files.write(root.resolve("images/." + "ab".repeat(32) + ".part"), new byte[1 << 20]);
    assertEquals(ExitCode.OK, voc("image", "list"), err());
    assertTrue(
        out().matches("(?s).*" + digest.substring(0, 12) + "  cms +by hand +1 +1 +0 .*"), out());
    assertTrue(out().matches("(?s).*abababababab  - +waiting +1/\\? .*"), out());
    assertEquals(ExitCode.OK, voc("image", "list", "--long"), err());
    assertSays(out(), digest);
  }

  @Test
  void nodeWithTwoLeasesOfAnImageIsListedAsOne() throws Exception {
    String digest = imageByHand("one");
    Path leases = Files.createDirectory(root.resolve("leases"));
    for (String random : List.of("0123456789abcdef", "fedcba9876543210")) {
      Files.createSymbolicLink(
          leases.resolve("cms-1." + random + ".lease"), Path.of("image=" + digest));
    }
    assertEquals(ExitCode.OK, voc("image", "list"), err());
    assertTrue(
        out().matches("(?s).*" + digest.substring(0, 12) + "  - +by hand +1 +1 +1 .*"), out());
  }

  @Test
  void imagesOfThePoolComeFromItsAds() throws Exception {
    vocAds(
        """
        Machine = "pad1"
        VocImages = "%s"
        VocImageProgress = "cdcdcdcdcdcd: 5 of 9 MiB (1.0 MiB/s)"

        Machine = "pad2"
        VocImageErrors = "image https://x/y was answered with HTTP status 404"
        """
            .formatted("ab".repeat(32)));
    assertEquals(ExitCode.OK, voc("image", "list", "--pool"), err());
    assertSays(
        out(),
        "pad1  abababababab",
        "fetching cdcdcdcdcdcd: 5 of 9 MiB",
        "pad2: image https://x/y was answered with HTTP status 404");
  }

  @Test
  void damagedImageIsFoundByVerificationAndTakenOutOfUse() throws Exception {
    String digest = imageByHand("one");
    String other = imageByHand("two");
    assertEquals(ExitCode.OK, voc("image", "verify"), err());
    assertSays(out(), digest + ": good");
    Path file = root.resolve("images/" + digest + ".qcow2");
    var modified = Files.getLastModifiedTime(file);
    assertTrue(file.toFile().setWritable(true));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
    assertEquals(ExitCode.PROBLEM, voc("image", "verify", digest.substring(0, 10)));
    assertSays(err(), "image " + digest + ": has SHA-256");
    assertEquals(ExitCode.OK, voc("image", "verify", other));
    assertEquals(ExitCode.PROBLEM, voc("image", "verify", "nonsense"));
  }

  @Test
  void pruningTakesWhatNobodyNeedsAndNeverWhatANodeUses() throws Exception {
    String byHand = imageByHand("one");
    vocAds("");
    assertEquals(ExitCode.OK, voc("image", "prune"), err());
    assertTrue(Files.exists(root.resolve("images/" + byHand + ".qcow2")), "put there by hand");
    Files.setLastModifiedTime(root.resolve("images/" + byHand + ".qcow2"), FileTime.fromMillis(1));
    assertEquals(ExitCode.OK, voc("image", "prune"), err());
    assertTrue(Files.exists(root.resolve("images/" + byHand + ".qcow2")), "though it was touched");
    assertEquals(ExitCode.OK, voc("image", "prune", "--dry-run", byHand));
    assertSays(out(), "would remove " + byHand);
    Files.createDirectory(root.resolve("leases"));
    Path lease = root.resolve("leases/cms-1.0123456789abcdef.lease");
    Files.createSymbolicLink(lease, Path.of("image=" + byHand));
    assertEquals(ExitCode.PROBLEM, voc("image", "prune", byHand));
    assertSays(err(), "a node uses it");
    Files.delete(lease);
    assertEquals(ExitCode.OK, voc("image", "prune", byHand), err());
    assertTrue(Files.notExists(root.resolve("images/" + byHand + ".qcow2")), out());
  }

  @Test
  void nothingIsPrunedOnHearsay() throws Exception {
    Path program = root.resolve("bin/condor_status");
    Files.writeString(program, "#!/bin/sh\nexit 1\n");
    assertTrue(program.toFile().setExecutable(true));
    assertEquals(ExitCode.FAILED, voc("image", "prune"));
    assertSays(err(), "does not say which images VOCs need");
  }

  @Test
  void reapSaysWhatItTakesAwayAndOnADryRunWhatItWould() throws Exception {
    Path lease =
        Files.createDirectory(root.resolve("leases")).resolve("cms-1.0123456789abcdef.lease");
    Files.createSymbolicLink(lease, Path.of("image=" + "ab".repeat(32) + "\nstarter=4000000:1"));
    Path half = Files.writeString(root.resolve(".write-1.tmp"), "x");
    Files.setLastModifiedTime(half, FileTime.fromMillis(1));
    Path console =
        Files.writeString(
            Files.createDirectory(root.resolve("consoles")).resolve(".write-2.tmp"), "x");
    Files.setLastModifiedTime(console, FileTime.fromMillis(1));
    String leaseLine = " lease " + lease + ": node cms-1 is gone\n";
    String halfLine = " temporary file " + half + ": who wrote it was killed\n";
    assertEquals(ExitCode.OK, voc("reap", "--dry-run"), err());
    assertSays(out(), "would remove" + leaseLine, "would remove" + halfLine);
    assertTrue(Files.isSymbolicLink(lease) && Files.exists(half));
    assertEquals(ExitCode.OK, voc("reap"), err());
    assertSays(out(), "removed" + leaseLine, "removed" + halfLine);
    assertTrue(!Files.isSymbolicLink(lease) && Files.notExists(half) && Files.notExists(console));
    assertEquals(ExitCode.USAGE, voc("reap", "everything"));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** A host whose directories are below {@link #root} and whose programs answer as told. */
  private final class FakeSite extends Site {
    final List<String> ran = new ArrayList<>();
    String uid = "0";
    boolean account = true;
    String sizeArguments = "";

    @Override
    protected String ask(Knob knob) {
      return switch (knob) {
        case DEFINITIONS -> root.resolve("vocs.d").toString();
        case KEYS -> root.resolve("keys").toString();
        case TOKENS -> root.resolve("tokens").toString();
        case PASSWORD_DIRECTORY -> root.resolve("passwords.d").toString();
        case TOKEN_DIRECTORY -> root.resolve("tokens.d").toString();
        case IMAGES -> root.resolve("images").toString();
        case BIN, SBIN -> root.resolve("bin").toString();
        case COLLECTOR_HOST -> "cm.test";
        case TRUST_DOMAIN -> "pool.test";
        case DAEMON_LIST -> "MASTER SCHEDD";
        case LEASES -> root.resolve("leases").toString();
        case STATE -> root.toString();
        case CONSOLES -> root.resolve("consoles").toString();
        case EXECUTE -> root.resolve("execute").toString();
        case USERS_MAP, IMAGE_MAX_MB, IMAGE_URLS, IMAGE_CREDENTIALS, IMAGE_CACHE_MB ->
            knob.otherwise();
        case VOS_MAP -> root.resolve("vos.map").toString();
        case FULL_HOSTNAME -> "ap.test";
        case SIZE_ARGUMENTS -> sizeArguments;
      };
    }

    @Override
    public String run(List<String> argv) {
      ran.add(String.join(" ", argv));
      return argv.getFirst().equals("id") ? uid + "\n" : "a.b.c\n";
    }

    @Override
    public boolean succeeds(List<String> argv) {
      ran.add(String.join(" ", argv));
      return !argv.getFirst().equals("getent") || account;
    }
  }
}

import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Match;
import org.vocluster.classad.NewForm;

/** Matches a job with machines and says who refuses whom. */
class WhoMatches {
  public static void main(String[] args) throws ClassAdSyntaxException {
    ClassAd job =
        NewForm.parse(
            """
            [ RequestMemory = 4096; Owner = "alice";
              Requirements = TARGET.Memory >= MY.RequestMemory && Arch == "x86_64";
              Rank = TARGET.Memory ]
            """);
    ClassAd big =
        NewForm.parse("[ Name = \"big\"; Memory = 8192; Arch = \"X86_64\"; Requirements = true ]");
    ClassAd small = big.with("Name", "small").with("Memory", 2048);
    ClassAd picky =
        big.with("Name", "picky").with("Requirements", Expr.parse("TARGET.Owner != \"alice\""));
    for (ClassAd machine : List.of(big, small, picky)) {
      Match match = Match.of(job, machine, EvalContext.DEFAULT);
      String outcome =
          match.symmetric()
              ? "match, rank " + match.leftRank()
              : match.leftAccepts() ? "the machine refuses" : "the job refuses";
      System.out.println(machine.string("Name").orElseThrow() + ": " + outcome);
    }
  }
}

import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.References;

/** Finds what a job's Requirements look at, and evaluates what the job alone decides. */
class WhatItDependsOn {
  public static void main(String[] args) throws ClassAdSyntaxException {
    ClassAd job =
        NewForm.parse(
            """
            [ Base = 2; RequestCpus = Base * 2;
              Requirements = TARGET.Cpus >= RequestCpus && stringListMember("cms", TARGET.VOs) ]
            """);
    Expr requirements = job.expr("Requirements");
    References refs = requirements.references(job, EvalContext.DEFAULT);
    System.out.println("of the job:     " + refs.internal());
    System.out.println("of the machine: " + refs.external());
    System.out.println("what is left:   " + requirements.flatten(job, EvalContext.DEFAULT));
  }
}

import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;

/** Reads an ad in long form, sets an attribute, prints it: what a hook does. */
class Filter {
  public static void main(String[] args) throws Exception {
    ClassAd ad = LongForm.parse(System.in.readAllBytes(), Language.CONDOR_23_9);
    System.out.print(LongForm.print(ad.with("Seen", true)));
  }
}

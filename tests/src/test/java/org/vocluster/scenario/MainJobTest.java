package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.demo.MainJob;
import org.vocluster.measure.Measurement;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Story;

@Tag("pool")
@Order(2)
final class MainJobTest {
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void jobsGetTheirNodeAndNothingIsLeft(Suite suite) throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("main" + suite.debianName(), suite)) {
      pool.run(
          voc -> {
            MainJob.register(voc, Story.SILENT);
            List<Measurement> measurements = new MainJob(voc, Story.SILENT).run();
            assertEquals(
                List.of(
                    "submit to node job in the queue",
                    "prepare-job hook, whole process",
                    "same boot by hand",
                    "condor_rm to QEMU gone",
                    "condor_rm to ads gone",
                    "node's boot",
                    "node's boot to boot by hand"),
                measurements.stream().map(Measurement::name).toList());
            measurements.forEach(System.out::println);
          });
    }
  }
}

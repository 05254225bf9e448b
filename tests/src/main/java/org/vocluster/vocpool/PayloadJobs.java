package org.vocluster.vocpool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Plain vanilla jobs of a user that do nothing for a while, submitted together.
 *
 * @param seconds how long each takes
 * @param requests a job for each
 * @param lines more lines of the submit description
 */
public record PayloadJobs(int seconds, List<Request> requests, List<String> lines) {
  /** What a job asks for. */
  public record Request(int cpus, long memoryMb) {
    public static final Request SMALL = new Request(1, 128);
  }

  public PayloadJobs {
    requests = List.copyOf(requests);
    lines = List.copyOf(lines);
  }

  /** Small jobs, all alike. */
  public static PayloadJobs small(int count, int seconds) {
    return new PayloadJobs(seconds, Collections.nCopies(count, Request.SMALL), List.of());
  }

  /** The same jobs and more of another size. */
  public PayloadJobs and(int count, Request request) {
    List<Request> more = new ArrayList<>(requests);
    more.addAll(Collections.nCopies(count, request));
    return new PayloadJobs(seconds, more, lines);
  }

  /** The same with one more line in the submit description. */
  public PayloadJobs with(String line) {
    List<String> more = new ArrayList<>(lines);
    more.add(line);
    return new PayloadJobs(seconds, requests, more);
  }

  public int count() {
    return requests.size();
  }

  /** The submit description. */
  public String text() {
    StringBuilder text =
        new StringBuilder(
            """
            executable = /bin/sleep
            arguments = %d
            transfer_executable = false
            should_transfer_files = yes
            request_cpus = $(Cpus)
            request_memory = $(MemoryMb)
            request_disk = 10MB
            """
                .formatted(seconds));
    lines.forEach(line -> text.append(line).append('\n'));
    text.append("queue Cpus, MemoryMb from (\n");
    for (Request request : requests) {
      text.append("  %d, %d\n".formatted(request.cpus(), request.memoryMb()));
    }
    return text.append(")\n").toString();
  }
}

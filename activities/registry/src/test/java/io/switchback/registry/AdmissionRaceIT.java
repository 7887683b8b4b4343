package io.switchback.registry;

import static io.switchback.registry.Race.atOnce;
import static io.switchback.registry.Race.faultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class AdmissionRaceIT {
  @Test
  void neverAdmitsMoreThanTheCapHoweverManyAskAtOnceAndLeasesEnd() throws Exception {
    try (TestRegistry registry = new TestRegistry()) {
      for (int round = 0; round < 3; round++) {
        List<Callable<Fault>> askers = new ArrayList<>();
        for (int asker = 0; asker < 12; asker++) {
          Admit admit = new Admit("dr", Cap.STARTING, round + "-" + asker, Duration.ofMinutes(1));
          askers.add(() -> faultOf(() -> registry.admission.admit(admit)));
        }

        List<Fault> outcomes = atOnce(askers);

        assertThat(outcomes.stream().filter(fault -> fault == null)).hasSize(3);
        assertThat(outcomes.stream().filter(fault -> fault == Fault.NO_ADMISSION)).hasSize(9);
        registry.sql("update admission_lease set ends_at = clock_timestamp()");
      }
    }
  }
}

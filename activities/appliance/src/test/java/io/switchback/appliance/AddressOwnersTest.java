package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which addresses may be opened after a network was asked who has them. */
class AddressOwnersTest {
  private static final AddressOwners OWNERS =
      new AddressOwners(
          List.of("10.0.0.1", "10.0.0.2", "10.0.0.3"),
          List.of(
              new AddressOwner("10.0.0.2", "02:00:00:00:00:02"),
              new AddressOwner("10.0.0.3", "02:00:00:00:00:03"),
              new AddressOwner("10.0.0.2", "02:00:00:00:00:22")));

  @Test
  void keepsClosedWhatSomebodyHas() {
    assertThat(OWNERS.toOpen(Set.of())).containsExactly("10.0.0.1");
    assertThat(OWNERS.toKeepClosed(Set.of())).containsExactly("10.0.0.2", "10.0.0.3");
  }

  @Test
  void opensWhatWasAcknowledgedAndNothingThatWasNotAskedFor() {
    assertThat(OWNERS.toOpen(Set.of("10.0.0.3", "10.0.0.9")))
        .containsExactly("10.0.0.1", "10.0.0.3");
    assertThat(OWNERS.toKeepClosed(Set.of("10.0.0.3", "10.0.0.9"))).containsExactly("10.0.0.2");
  }

  @Test
  void namesEveryMachineThatAnswered() {
    assertThat(OWNERS.sentences())
        .hasSize(2)
        .first()
        .asString()
        .contains("10.0.0.2: 02:00:00:00:00:02 and 02:00:00:00:00:22", "acknowledge");
  }
}

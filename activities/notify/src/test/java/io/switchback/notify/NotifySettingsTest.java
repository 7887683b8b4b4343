package io.switchback.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotifySettingsTest {
  @Test
  void doNotShowTheToken() {
    assertThat(NotifySettings.webhook("https://user:s3cret@chat.test/hooks/s3cret?t=s3cret"))
        .asString()
        .contains("chat.test")
        .doesNotContain("s3cret");
  }

  @Test
  void refuseWhatCannotBeCalledWithoutRepeatingIt() {
    for (String wrong :
        new String[] {"ftp://s3cret", "s3cret", "https:///s3cret", "ht tp://s3cret"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> NotifySettings.webhook(wrong))
          .satisfies(
              refused -> {
                assertThat(refused.getMessage()).doesNotContain("s3cret");
                assertThat(refused.getCause()).isNull();
              });
    }
  }

  @Test
  void refuseToWaitLongerThanThePortPromises() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new NotifySettings(
                    Optional.of(URI.create("http://chat.test/")), Duration.ofSeconds(11)));
  }
}

package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.registry.RegistrySettings;
import org.junit.jupiter.api.Test;

class RegistryLoginTest {
  @Test
  void takesUserAndPasswordOutOfTheUrl() {
    RegistrySettings settings =
        RegistryLogin.of("jdbc:postgresql://db:5432/dr?user=kim&sslmode=require&password=s%26cret");

    assertThat(settings.url()).isEqualTo("jdbc:postgresql://db:5432/dr?sslmode=require");
    assertThat(settings.user()).isEqualTo("kim");
    assertThat(settings.password()).isEqualTo("s&cret");
  }

  @Test
  void showsNoSecretOfTheUrlThatTheDriverNeedsInIt() {
    RegistrySettings settings =
        RegistryLogin.of(
            "jdbc:postgresql://db/dr?sslkey=/k.p12&sslpassword=hunter2&user=kim&SSLPassword=hunter3&ssl=true");

    assertThat(settings.url()).contains("sslpassword=hunter2");
    assertThat(settings.shownUrl())
        .isEqualTo("jdbc:postgresql://db/dr?sslkey=/k.p12&sslpassword=…&SSLPassword=…&ssl=true");
    assertThat(settings.toString()).doesNotContain("hunter");
  }

  @Test
  void takesTheLoginOfThisProcessWhereTheUrlNamesNoUser() {
    assertThat(RegistryLogin.of("jdbc:postgresql://db/dr").user())
        .isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void refusesWhatIsNoPostgresql() {
    assertThatThrownBy(() -> RegistryLogin.of("jdbc:mysql://db/dr"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("jdbc:postgresql:");
  }
}

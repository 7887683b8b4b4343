package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That each test of a vCenter says what it is held against. */
class TiersTest {
  @Test
  void everyTestNamesItsTier() throws IOException, URISyntaxException {
    Path folder =
        Path.of(TiersTest.class.getResource("TiersTest.class").toURI())
            .toAbsolutePath()
            .getParent();
    try (Stream<Path> files = Files.list(folder)) {
      List<Class<?>> tests =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("IT.class"))
              .<Class<?>>map(TiersTest::named)
              .toList();

      assertThat(tests)
          .isNotEmpty()
          .allSatisfy(
              test ->
                  assertThat(
                          test.isAnnotationPresent(ApiTier.class)
                              ^ test.isAnnotationPresent(ByteTier.class))
                      .as("%s is of one tier", test.getSimpleName())
                      .isTrue());
    }
  }

  private static Class<?> named(String file) {
    try {
      // Not initialised: some start a vCenter then.
      return Class.forName(
          TiersTest.class.getPackageName() + "." + file.substring(0, file.length() - 6),
          false,
          TiersTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}

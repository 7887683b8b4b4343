package io.switchback.bench.network;

import io.switchback.appliance.lab.RunningLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a way from production's host to whoever has the VM's address is like, medians of several
 * runs.
 *
 * @param mbitPerSecond of an HTTP transfer of 100 MB, its digest included
 * @param roundTripMillis mean of 200 pings
 */
record Way(String name, double mbitPerSecond, double roundTripMillis, double lossPercent) {
  private static final Pattern LOSS = Pattern.compile("([\\d.]+)% packet loss");
  private static final Pattern MEAN = Pattern.compile("= [\\d.]+/([\\d.]+)/");

  static Way measured(String name, RunningLab lab, int runs) throws IOException {
    String address = lab.fact("replica.address");
    double bits = 8.0 * Files.size(Path.of(lab.fact("file")));
    List<Double> rates = new ArrayList<>();
    List<Double> trips = new ArrayList<>();
    double loss = 0;
    String digest = "";
    for (int run = 0; run <= runs; run++) {
      long begun = System.nanoTime();
      String arrived = lab.fetch("vm1", address);
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (!digest.isEmpty() && !digest.equals(arrived)) {
        throw new IllegalStateException("The file arrived in another way than before.");
      }
      digest = arrived;
      String pings = lab.in("vm1", "ping -n -q -c 200 -i 0.01 " + address + " || true");
      // The first run warms up.
      if (run > 0) {
        rates.add(bits / seconds / 1e6);
        trips.add(number(MEAN, pings));
        loss = Math.max(loss, number(LOSS, pings));
      }
    }
    return new Way(name, median(rates), median(trips), loss);
  }

  private static double number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("ping said: " + text);
    }
    return Double.parseDouble(found.group(1));
  }

  static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %.0f Mbit/s | %.2f ms | %.0f %% |",
        name,
        mbitPerSecond,
        roundTripMillis,
        lossPercent);
  }
}

package io.switchback.worker.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go. Until one of the methods is called they go nowhere, so that a command's
 * output is only what it says itself.
 */
final class Logging {
  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{20} %msg%n%ex";

  /** Libraries whose ordinary work reads like trouble. */
  private static final List<String> NOISY =
      List.of(
          "io.grpc",
          "io.netty",
          "io.temporal.internal.testservice",
          "io.temporal.testserver",
          "io.temporal.serviceclient",
          "io.temporal.internal.worker",
          "io.zonky",
          "org.flywaydb",
          "com.zaxxer.hikari",
          "org.springframework");

  private Logging() {}

  /** For a command: into {@code file}, made with the first line. */
  static void toFile(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file.toString());
    appender.setPrudent(false);
    attach(context, appender);
  }

  /** For a service: to standard output, which whoever started it sends to its log. */
  static void toStandardOutput() {
    attach((LoggerContext) LoggerFactory.getILoggerFactory(), new ConsoleAppender<>());
  }

  private static void attach(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    NOISY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    // The test server reports each rejected or late call as an error with a stack trace.
    context.getLogger("io.temporal.internal.testservice").setLevel(Level.OFF);
  }
}

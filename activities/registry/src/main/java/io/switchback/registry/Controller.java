package io.switchback.registry;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The generation, first part of every fence that the registry gives out. */
final class Controller {
  private Controller() {}

  static long generation(JdbcClient jdbc) {
    return jdbc.sql("select generation from controller").query(Long.class).single();
  }
}

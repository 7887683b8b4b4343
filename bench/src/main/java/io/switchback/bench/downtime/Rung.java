package io.switchback.bench.downtime;

/** By what the switch's rounds know what is to be sent. */
enum Rung {
  CHANGE_LIST("the change list, with audit"),
  DIGESTS("digests: change tracking says nothing");

  final String words;

  Rung(String words) {
    this.words = words;
  }
}

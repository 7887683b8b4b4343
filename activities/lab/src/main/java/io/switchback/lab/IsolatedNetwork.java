package io.switchback.lab;

/**
 * A network of the site that was made for a drill and reaches nothing beside what is plugged into
 * it.
 *
 * @param name as a VM's card says it
 * @param drill id of the drill that it was made for
 * @param host where it is
 * @param standsFor the network that it stands for in the drill
 * @param reaches what its owner has connected it with meanwhile; empty = nothing
 */
public record IsolatedNetwork(
    String name, String drill, String host, String standsFor, String reaches) {

  static IsolatedNetwork of(String drill, String host, String standsFor) {
    // The drill's whole id: the beginning of one is shared by all that begin within a minute.
    String name = "%s, drill %s at %s".formatted(standsFor, drill, host);
    return new IsolatedNetwork(name, drill, host, standsFor, "");
  }

  IsolatedNetwork connected(String with) {
    return new IsolatedNetwork(name, drill, host, standsFor, with);
  }

  boolean isOf(String itsDrill, String itsHost) {
    return drill.equals(itsDrill) && host.equals(itsHost);
  }
}

package io.switchback.worker.local;

/**
 * A lab site and how workers reach its daemon.
 *
 * @param address as the daemon announced it
 * @param directory where the site keeps its state
 */
public record SiteAddress(String name, String address, String directory) {}

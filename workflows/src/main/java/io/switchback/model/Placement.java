package io.switchback.model;

/**
 * Where a VM is to stand at its site; what is empty is the site's own choice.
 *
 * @param host or resource pool
 */
public record Placement(String host, String datastore, String folder) {
  /** The site's choice in everything. */
  public static final Placement ANYWHERE = new Placement("", "", "");

  public Placement {
    host = host == null ? "" : host;
    datastore = datastore == null ? "" : datastore;
    folder = folder == null ? "" : folder;
  }

  /** This placement, with what it leaves open taken from {@code site}. */
  public Placement orElse(Placement site) {
    return new Placement(
        host.isEmpty() ? site.host : host,
        datastore.isEmpty() ? site.datastore : datastore,
        folder.isEmpty() ? site.folder : folder);
  }
}

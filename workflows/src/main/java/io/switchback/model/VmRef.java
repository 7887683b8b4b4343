package io.switchback.model;

/**
 * A VM at a site. The id is what the site's hypervisor calls it; the name is for people and unique
 * per site only.
 *
 * @param site name of the site; its workers poll the queue {@code site.<name>}
 */
public record VmRef(String site, String id, String name) {
  public VmRef {
    new Mistakes().required(site, "site").required(id, "id").required(name, "name").refuse("vm");
  }

  @Override
  public String toString() {
    return "vm '" + name + "' (" + id + ") at site '" + site + "'";
  }
}

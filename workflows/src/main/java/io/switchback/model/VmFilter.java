package io.switchback.model;

/** VMs by what they have in common at their site: a tag that they carry, or the folder. */
public record VmFilter(Kind by, String value) {
  /** What VMs may have in common. */
  public enum Kind {
    TAG,
    /** The folder itself and those below it. */
    FOLDER
  }

  public VmFilter {
    new Mistakes().unless(by != null, "by is missing").required(value, "value").refuse("vm filter");
  }

  /** VMs that carry the tag. */
  public static VmFilter tag(String tag) {
    return new VmFilter(Kind.TAG, tag);
  }

  /** VMs in the folder and below it. */
  public static VmFilter folder(String folder) {
    return new VmFilter(Kind.FOLDER, folder);
  }

  /** The tag; empty when it is a folder. */
  public String tagOrEmpty() {
    return by == Kind.TAG ? value : "";
  }

  /** The folder; empty when it is a tag. */
  public String folderOrEmpty() {
    return by == Kind.FOLDER ? value : "";
  }

  /** In words, as in {@code tag 'gold'}. */
  public String words() {
    return (by == Kind.TAG ? "tag '" : "folder '") + value + "'";
  }
}

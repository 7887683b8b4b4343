package io.switchback.worker.command;

import io.switchback.model.CredentialReference;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code file:/path}, {@code env:NAME} or {@code command:program argument}. */
final class CredentialConverter implements ITypeConverter<CredentialReference> {
  @Override
  public CredentialReference convert(String text) {
    try {
      return CredentialReference.parse(text);
    } catch (IllegalArgumentException none) {
      throw new TypeConversionException(String.valueOf(none.getMessage()));
    }
  }

  /** Of the site that stands before the reference. */
  static final class OfSite implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return text.strip();
    }
  }
}

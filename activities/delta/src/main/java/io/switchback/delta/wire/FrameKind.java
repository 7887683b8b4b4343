package io.switchback.delta.wire;

/** What a frame is; the numbers are those of docs/protocol.md. */
enum FrameKind {
  HELLO(1),
  READ(2),
  TAGS(3),
  ALLOCATED(4),
  CHANGES(5),
  KEY(6),
  WELCOME(16),
  DATA(17),
  TAGS_ANSWER(18),
  ALLOCATED_ANSWER(19),
  REFUSAL(20),
  CHANGES_ANSWER(21);

  private final int number;

  FrameKind(int number) {
    this.number = number;
  }

  byte number() {
    return (byte) number;
  }

  static FrameKind numbered(int number) throws ProtocolException {
    for (FrameKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw new ProtocolException("there is no frame of kind " + number);
  }
}

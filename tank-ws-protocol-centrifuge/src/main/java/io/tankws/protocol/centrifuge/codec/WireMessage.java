package io.tankws.protocol.centrifuge.codec;

/** A message that the server writes. */
@FunctionalInterface
public interface WireMessage {
    /** Writes all fields in the order of their tags. */
    void writeTo(FieldWriter out);
}

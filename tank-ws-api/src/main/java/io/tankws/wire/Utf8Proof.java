package io.tankws.wire;

/**
 * The proof with which {@code io.tankws.spi.support} creates text messages that are not checked. Applications cannot
 * create such messages, because this package is not exported.
 */
public enum Utf8Proof {
    /** The bytes are known to be UTF-8. */
    VALIDATED
}

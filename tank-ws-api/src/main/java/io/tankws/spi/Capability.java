package io.tankws.spi;

/**
 * The optional abilities of a transport. A server that asks for an ability which its transport does not have, does
 * not start, unless the ability is only a preference; see each constant. Constants may be added.
 */
public enum Capability {
    /**
     * Encrypted ports with TLS. Requested with {@code WebSocketServer.Builder.tls}.
     */
    TLS("encrypt connections with TLS"),

    /**
     * Certificates of clients over TLS. Requested with {@code Tls.withClientCertificates}.
     */
    CLIENT_CERTIFICATES("ask clients for TLS certificates"),

    /**
     * Compression with permessage-deflate (RFC 7692), within the bounds of the {@link AcceptOptions}. Required with
     * {@link io.tankws.Compression#REQUIRED}; {@link io.tankws.Compression#IF_AVAILABLE} is a preference, and a
     * server on a transport without it logs a warning.
     */
    COMPRESSION("compress messages"),

    /**
     * The buffer sizes of the {@link AcceptOptions}. They are a preference: a server on a transport that does not
     * follow them logs that they have no effect.
     */
    BUFFER_SIZES("follow buffer sizes");

    private final String description;

    Capability(String description) {
        this.description = description;
    }

    /**
     * Returns what a transport with this capability can do, to complete a sentence that begins with "can".
     *
     * @return a verb and its object
     */
    public String description() {
        return description;
    }
}

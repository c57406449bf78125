package io.tankws;

/** How an {@link Upgrader} wants messages compressed with permessage-deflate (RFC 7692). */
public enum Compression {
    /** Messages are never compressed. The default. */
    OFF,

    /**
     * Messages are compressed for clients that offer it, where the transport can. Where the transport cannot, the
     * server starts, logs one warning for each path, and connections are not compressed. So a program may swap its
     * transport.
     */
    IF_AVAILABLE,

    /**
     * Messages are compressed for clients that offer it. Where the transport cannot compress, the server does not
     * start. A client that does not offer compression is accepted without it: the offer is the client's choice.
     */
    REQUIRED
}

package io.tankws.testkit;

/** A server answered a handshake with something else than 101. */
public final class HandshakeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpReply reply;

    HandshakeRefusedException(HttpReply reply) {
        super("refused with " + reply.status() + ": " + reply.body());
        this.reply = reply;
    }

    /**
     * Returns the whole answer.
     *
     * @return status, headers, body
     */
    public HttpReply reply() {
        return reply;
    }
}

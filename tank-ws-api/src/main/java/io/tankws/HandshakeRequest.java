package io.tankws;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that asks for a WebSocket (RFC 6455 section 4.1), the same on every transport. Immutable.
 *
 * <p>It may also be a request that is not a valid handshake, see {@link #violation()}. {@link #toString()} shows
 * method and path only, because the query and the headers may contain secrets.
 */
public final class HandshakeRequest {
    private final String method;
    /** Target and headers, see {@link CompactRequest}. */
    private final String packed;

    private final boolean http11;
    private final boolean extendedConnect;
    private final boolean secure;
    private final boolean loopbackOnly;
    private final InetSocketAddress remoteAddress;
    private final @Nullable InetSocketAddress localAddress;
    private final List<X509Certificate> peerCertificates;
    private final boolean forwarded;
    /** Fault in the headers of a proxy, or {@code null}. */
    private final @Nullable String forwardingFault;

    private HandshakeRequest(Builder builder) {
        method = builder.method.equals("GET") ? "GET" : builder.method;
        packed = builder.packed.toString();
        http11 = builder.http11;
        extendedConnect = builder.extendedConnect;
        secure = builder.secure;
        remoteAddress = builder.remoteAddress;
        localAddress = null;
        loopbackOnly = false;
        peerCertificates = List.copyOf(builder.peerCertificates);
        forwarded = false;
        forwardingFault = null;
    }

    private HandshakeRequest(HandshakeRequest other, InetSocketAddress localAddress, InetSocketAddress listenAddress) {
        method = other.method;
        packed = other.packed;
        http11 = other.http11;
        extendedConnect = other.extendedConnect;
        secure = other.secure;
        remoteAddress = other.remoteAddress;
        peerCertificates = other.peerCertificates;
        this.localAddress = Objects.requireNonNull(localAddress, "localAddress");
        loopbackOnly = isLoopback(Objects.requireNonNull(listenAddress, "listenAddress"));
        forwarded = other.forwarded;
        forwardingFault = other.forwardingFault;
    }

    private HandshakeRequest(HandshakeRequest other, ForwardedRoute route, @Nullable String forwardingFault) {
        boolean oneHost = other.headerValues("Host").size() == 1;
        method = other.method;
        packed = oneHost && route.host().isPresent()
                ? CompactRequest.replaceHeader(
                        other.packed, "Host", route.host().get())
                : other.packed;
        http11 = other.http11;
        extendedConnect = other.extendedConnect;
        secure = route.secure();
        remoteAddress = route.client();
        localAddress = other.localAddress;
        loopbackOnly = other.loopbackOnly;
        peerCertificates = other.peerCertificates;
        forwarded = forwardingFault == null;
        this.forwardingFault = forwardingFault;
    }

    /** Returns a copy with the client that a trusted proxy has reported. */
    HandshakeRequest forwarded(ForwardedRoute route) {
        return new HandshakeRequest(this, route, null);
    }

    /** Returns a copy that is refused because of the headers of its proxy. */
    HandshakeRequest misforwarded(String fault) {
        return new HandshakeRequest(this, new ForwardedRoute(remoteAddress, secure, Optional.empty()), fault);
    }

    /**
     * Returns a copy with the addresses of the server. Every transport calls this method, because {@link HostRule}
     * depends on them. A request without addresses counts as one from a network.
     *
     * @param localAddress address that the peer connected to, as reported by the socket of the connection
     * @param listenAddress address that the server listens on, as reported by the listening socket, such as {@code
     *     0.0.0.0}
     * @return the copy
     */
    public HandshakeRequest arrivedAt(InetSocketAddress localAddress, InetSocketAddress listenAddress) {
        return new HandshakeRequest(this, localAddress, listenAddress);
    }

    /**
     * Returns a builder of a request with {@code GET}, HTTP/1.1 and no headers, for transports and tests.
     *
     * @param target path and query of the request line, percent-encoded
     * @param remoteAddress address of the peer
     * @return a builder
     */
    public static Builder builder(String target, InetSocketAddress remoteAddress) {
        return new Builder(target, remoteAddress);
    }

    /**
     * Returns the HTTP method.
     *
     * @return as sent, {@code GET} in a handshake over HTTP/1.1, {@code CONNECT} in one over HTTP/2
     */
    public String method() {
        return method;
    }

    /**
     * Returns the path of the request target.
     *
     * @return as sent, percent-encoded, without the query
     */
    public String path() {
        return CompactRequest.path(packed);
    }

    /**
     * Returns all query parameters.
     *
     * @return decoded names and values, in the order sent, without malformed ones, which are a {@link #violation()};
     *     unmodifiable
     */
    public Map<String, List<String>> queryParameters() {
        return CompactRequest.queryParameters(packed);
    }

    /**
     * Returns the first value of a query parameter.
     *
     * @param name its decoded name; case matters
     * @return empty if it was not sent; a parameter without {@code =} has the value {@code ""}
     */
    public Optional<String> queryParameter(String name) {
        return queryParameters().getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * Returns all headers.
     *
     * @return names in any case to their values in the order sent; unmodifiable
     */
    public Map<String, List<String>> headers() {
        return CompactRequest.headers(packed);
    }

    /**
     * Returns the first value of a header.
     *
     * @param name in any case
     * @return empty if it was not sent
     */
    public Optional<String> header(String name) {
        return headerValues(name).stream().findFirst();
    }

    /**
     * Returns a cookie (RFC 6265 section 4.2). Its value is not decoded.
     *
     * @param name its name; case matters
     * @return the first of that name, without quotes around its value
     */
    public Optional<String> cookie(String name) {
        return headerValues("Cookie").stream()
                .flatMap(value -> List.of(value.split(";")).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .map(value -> value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                        ? value.substring(1, value.length() - 1)
                        : value)
                .findFirst();
    }

    /**
     * Returns user name and password of the Basic scheme (RFC 7617).
     *
     * @return empty if there are none, or they are malformed: no base64, no UTF-8, no colon, or a control character
     */
    public Optional<Credentials> basicCredentials() {
        return header("Authorization").flatMap(Credentials::ofHeader);
    }

    /**
     * Returns the page that the request comes from (RFC 6454 section 7).
     *
     * @return empty for peers that are no browsers; may be the text {@code null}
     */
    public Optional<String> origin() {
        return header("Origin");
    }

    /**
     * Returns the subprotocols that the peer offers, best first (RFC 6455 section 1.9).
     *
     * @return possibly empty
     */
    public List<String> offeredSubprotocols() {
        return headerValues("Sec-WebSocket-Protocol").stream()
                .flatMap(HttpSyntax::list)
                .toList();
    }

    /**
     * Returns whether the request came over TLS.
     *
     * @return {@code true} for {@code wss}; behind one of the {@link TrustedProxies}, whether the client used TLS
     */
    public boolean isSecure() {
        return secure;
    }

    /**
     * Returns the peer's address.
     *
     * @return address and port as the socket knows them; behind one of the {@link TrustedProxies}, the client's
     *     address, and port 0 if the proxy does not report the port; behind any other proxy, the proxy's
     */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Returns the address that the peer connected to.
     *
     * @return address and port as the socket knows them; empty if the transport does not report them
     */
    public Optional<InetSocketAddress> localAddress() {
        return Optional.ofNullable(localAddress);
    }

    /** Returns whether the client connected to a loopback address. The address is unknown behind a trusted proxy. */
    boolean isOverLoopback() {
        return !forwarded && isLoopback(localAddress);
    }

    /** Returns whether the server listens on a loopback address, so that it cannot be reached over a network. */
    boolean isLoopbackOnly() {
        return !forwarded && loopbackOnly;
    }

    private static boolean isLoopback(@Nullable InetSocketAddress address) {
        return address != null
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }

    /**
     * Returns the peer's certificate chain.
     *
     * @return the peer's own certificate first; empty without TLS or without a client certificate; behind a proxy, the
     *     proxy's
     */
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    /**
     * Returns the reason for which this request is not an opening handshake (RFC 6455 section 4.2.1; over HTTP/2, RFC
     * 8441 section 5).
     *
     * @return empty for a handshake; 426 if no WebSocket of version 13 is requested; 400 or 405 for other faults,
     *     such as a query that is not percent-encoded UTF-8
     */
    public Optional<Refusal> violation() {
        Optional<String> fault = Optional.ofNullable(forwardingFault);
        return extendedConnect
                ? HandshakeValidator.extendedConnectViolation(this, fault)
                : HandshakeValidator.violation(this, http11, fault);
    }

    @Override
    public String toString() {
        return method + " " + path();
    }

    boolean hasMalformedQuery() {
        return !QueryString.isWellFormed(CompactRequest.query(packed));
    }

    /** Returns the values of one header, without building {@link #headers()}. */
    List<String> headerValues(String name) {
        return CompactRequest.header(packed, name);
    }

    /** A builder of requests, for transports and tests. Not thread-safe. */
    public static final class Builder {
        private final StringBuilder packed = new StringBuilder();
        private final InetSocketAddress remoteAddress;
        private String method = "GET";
        private boolean http11 = true;
        private boolean extendedConnect;
        private boolean secure;
        private List<X509Certificate> peerCertificates = List.of();

        private Builder(String target, InetSocketAddress remoteAddress) {
            CompactRequest.append(packed, Objects.requireNonNull(target, "target"));
            this.remoteAddress = Objects.requireNonNull(remoteAddress, "remoteAddress");
        }

        /**
         * Sets the method.
         *
         * @param method as sent
         * @return this
         */
        public Builder method(String method) {
            this.method = Objects.requireNonNull(method, "method");
            return this;
        }

        /**
         * Sets whether the peer speaks HTTP/1.1 or later.
         *
         * @param http11 {@code false} for HTTP/1.0
         * @return this
         */
        public Builder http11(boolean http11) {
            this.http11 = http11;
            return this;
        }

        /**
         * Sets whether the request is an extended CONNECT for the protocol {@code websocket} (RFC 8441 section 4),
         * which HTTP/2 has in place of an upgrade. Such a request needs neither {@code Upgrade} nor {@code
         * Connection} nor {@code Sec-WebSocket-Key}. The default is {@code false}.
         *
         * @param extendedConnect {@code true} if the transport answers 200 and the stream becomes the connection
         * @return this
         */
        public Builder extendedConnect(boolean extendedConnect) {
            this.extendedConnect = extendedConnect;
            return this;
        }

        /**
         * Adds a header; a repeated name keeps all values.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder header(String name, String value) {
            CompactRequest.appendHeader(
                    packed, Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets whether the request came over TLS.
         *
         * @param secure {@code true} for {@code wss}
         * @return this
         */
        public Builder secure(boolean secure) {
            this.secure = secure;
            return this;
        }

        /**
         * Sets the peer's certificate chain.
         *
         * @param chain the peer's own certificate first
         * @return this
         */
        public Builder peerCertificates(List<X509Certificate> chain) {
            peerCertificates = List.copyOf(chain);
            return this;
        }

        /**
         * Builds the request.
         *
         * @return the request
         */
        public HandshakeRequest build() {
            return new HandshakeRequest(this);
        }
    }
}

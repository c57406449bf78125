package io.tankws.spi.support;

import io.tankws.wire.IpLiterals;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The parser of IP addresses in text form. Never resolves a name.
 *
 * <p>For transports and this library; not to be extended.
 */
public final class IpLiteral {
    private IpLiteral() {}

    /**
     * Parses an address: IPv4 as four decimal numbers without leading zeros, or IPv6 (RFC 4291 section 2.2) without
     * brackets and without a zone.
     *
     * @param text any text
     * @return empty if the text is not such an address; an IPv4-mapped IPv6 address becomes the IPv4 address
     */
    public static Optional<InetAddress> parse(String text) {
        return IpLiterals.parse(text);
    }
}

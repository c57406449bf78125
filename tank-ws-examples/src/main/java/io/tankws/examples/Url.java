package io.tankws.examples;

import java.net.Inet6Address;
import java.net.InetAddress;

/** The URLs that lead to a listening port. */
final class Url {
    private Url() {}

    /**
     * Returns a URL. The loopback address stands for a wildcard address, because no client can connect to a wildcard.
     *
     * @param path begins with a slash
     */
    static String of(String scheme, InetAddress address, int port, String path) {
        return scheme + "://" + host(address) + ":" + port + path;
    }

    private static String host(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            // Sockets on the IPv6 wildcard accept IPv4 connections too.
            return "127.0.0.1";
        }
        String text = address.getHostAddress();
        // RFC 6874 writes the percent sign of a zone as %25.
        return address instanceof Inet6Address ? "[" + text.replace("%", "%25") + "]" : text;
    }
}

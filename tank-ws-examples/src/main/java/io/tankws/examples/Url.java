package io.tankws.examples;

import java.net.Inet6Address;
import java.net.InetAddress;

/** URLs that a person can open, of a port that listens on an address. */
final class Url {
    private Url() {}

    /**
     * Returns a URL. A wildcard address is named by the loopback address, because no client can connect to the wildcard.
     *
     * @param path begins with a slash
     */
    static String of(String scheme, InetAddress address, int port, String path) {
        return scheme + "://" + host(address) + ":" + port + path;
    }

    private static String host(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            // Sockets on the IPv6 wildcard take IPv4 connections too.
            return "127.0.0.1";
        }
        String text = address.getHostAddress();
        // RFC 6874 writes the percent sign of a zone as %25.
        return address instanceof Inet6Address ? "[" + text.replace("%", "%25") + "]" : text;
    }
}

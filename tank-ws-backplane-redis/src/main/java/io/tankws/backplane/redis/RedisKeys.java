package io.tankws.backplane.redis;

import io.tankws.spi.BackplaneConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How things are called in Redis. All begins with {@code tankws:}, so that an access list can name it.
 *
 * <p>Channels are not hash-tagged, so that topics spread over the servers of a Redis Cluster; leases are, so that one command
 * sees them all.
 */
final class RedisKeys {
    /** Begins a name with halves of surrogate pairs, for which UTF-8 has no bytes; never begins UTF-8. */
    private static final byte NOT_UTF_8 = (byte) 0xFF;

    private final byte[] channelPrefix;
    private final String probePrefix;
    private final String leasePrefix;
    private final byte[] nodes;
    private final byte[] node;

    RedisKeys(BackplaneConfig config) {
        channelPrefix = utf8("tankws:" + config.cluster() + ":");
        // No cluster has an empty name, so no cluster's channels are called so.
        probePrefix = "tankws::probe:" + config.cluster() + ":" + config.node() + ":";
        leasePrefix = "tankws:{" + config.cluster() + "}:lease:";
        nodes = utf8("tankws:{" + config.cluster() + "}:nodes");
        node = utf8(config.node());
    }

    byte[] channel(String name) {
        byte[] text = text(name);
        byte[] channel = Arrays.copyOf(channelPrefix, channelPrefix.length + text.length);
        System.arraycopy(text, 0, channel, channelPrefix.length, text.length);
        return channel;
    }

    /** Returns the name, {@code null} if that is no channel of the cluster. */
    String name(byte[] channel) {
        int start = channelPrefix.length;
        if (channel.length < start || !Arrays.equals(channel, 0, start, channelPrefix, 0, start)) {
            return null;
        }
        return channel.length > start && channel[start] == NOT_UTF_8
                ? utf16(channel, start + 1)
                : new String(channel, start, channel.length - start, StandardCharsets.UTF_8);
    }

    byte[] probe(String suffix) {
        return utf8(probePrefix + suffix);
    }

    byte[] leasePrefix() {
        return utf8(leasePrefix);
    }

    byte[] lease() {
        return utf8(leasePrefix + new String(node, StandardCharsets.UTF_8));
    }

    byte[] nodes() {
        return nodes;
    }

    byte[] node() {
        return node;
    }

    /** Any text, each its own bytes. */
    static byte[] text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return utf16(text);
            }
        }
        return utf8(text);
    }

    /** Not by a charset, which would replace what stands alone. */
    private static byte[] utf16(String text) {
        byte[] bytes = new byte[1 + 2 * text.length()];
        bytes[0] = NOT_UTF_8;
        for (int i = 0; i < text.length(); i++) {
            bytes[1 + 2 * i] = (byte) (text.charAt(i) >> 8);
            bytes[2 + 2 * i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    private static String utf16(byte[] bytes, int start) {
        char[] text = new char[(bytes.length - start) / 2];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) (bytes[start + 2 * i] << 8 | bytes[start + 2 * i + 1] & 0xFF);
        }
        return new String(text);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

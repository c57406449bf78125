package io.tankws.backplane.redis;

import io.tankws.spi.BackplaneConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The names of keys and channels in Redis. All of them begin with {@code tankws:}, so that an access control list can
 * name them.
 *
 * <p>Channels have no hash tag, so that topics spread over the servers of a Redis Cluster. Leases have one, so that
 * one command can read all of them. The keys of a topic have one that puts them into the slot of its channel, so that a
 * script can use all of them.
 */
final class RedisKeys {
    /** First byte of a name with lone surrogates, which UTF-8 cannot encode. No UTF-8 text begins with it. */
    private static final byte NOT_UTF_8 = (byte) 0xFF;

    /** Bytes of a digest that make two equal ones negligibly improbable. */
    private static final int IDEMPOTENCY_BYTES = 16;

    private final byte[] channelPrefix;
    private final String probePrefix;
    private final String leasePrefix;
    private final String historyPrefix;
    private final String topicChannelPrefix;
    private final byte[] nodes;
    private final byte[] node;

    RedisKeys(BackplaneConfig config) {
        channelPrefix = utf8("tankws:" + config.cluster() + ":");
        // No cluster has an empty name, so no cluster has channels with this prefix.
        probePrefix = "tankws::probe:" + config.cluster() + ":" + config.node() + ":";
        leasePrefix = "tankws:{" + config.cluster() + "}:lease:";
        historyPrefix = "tankws:" + config.cluster() + ":";
        topicChannelPrefix = config.topicChannelPrefix();
        nodes = utf8("tankws:{" + config.cluster() + "}:nodes");
        node = utf8(config.node());
    }

    byte[] channel(String name) {
        byte[] text = text(name);
        byte[] channel = Arrays.copyOf(channelPrefix, channelPrefix.length + text.length);
        System.arraycopy(text, 0, channel, channelPrefix.length, text.length);
        return channel;
    }

    /** Returns the name of a channel, or {@code null} if the channel is not one of this cluster. */
    @Nullable
    String channelName(byte[] channel) {
        int start = channelPrefix.length;
        if (channel.length < start || !Arrays.equals(channel, 0, start, channelPrefix, 0, start)) {
            return null;
        }
        return channel.length > start && channel[start] == NOT_UTF_8
                ? utf16(channel, start + 1)
                : new String(channel, start, channel.length - start, StandardCharsets.UTF_8);
    }

    /** Returns the names of the keys of a topic. */
    TopicKeys topic(String topic) {
        byte[] name = text(topic);
        String prefix = historyPrefix + "{" + SlotTags.of(channel(topicChannelPrefix + topic)) + "}:";
        return new TopicKeys(
                join(prefix + "meta:", name),
                join(prefix + "stream:", name),
                utf8(prefix + "epochs:"),
                prefix + "key:");
    }

    /**
     * The keys of the history of a topic. All of them are in the slot of its channel.
     *
     * @param metadata key of epoch, top offset and bytes
     * @param stream key of the publications
     * @param epochs key of the epochs of all topics without a stream in this slot
     * @param idempotencyPrefix beginning of the keys of idempotency keys
     */
    record TopicKeys(byte[] metadata, byte[] stream, byte[] epochs, String idempotencyPrefix) {
        /** Returns the key of an idempotency key: a digest of topic and key, so that its length is bounded. */
        byte[] idempotency(String topic, String key) {
            byte[] digest = sha256(text(topic.length() + ":" + topic + key));
            return utf8(idempotencyPrefix + HexFormat.of().formatHex(digest, 0, IDEMPOTENCY_BYTES));
        }
    }

    private static byte[] join(String prefix, byte[] name) {
        byte[] start = utf8(prefix);
        byte[] key = Arrays.copyOf(start, start.length + name.length);
        System.arraycopy(name, 0, key, start.length, name.length);
        return key;
    }

    private static byte[] sha256(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has SHA-256.
            throw new IllegalStateException(e);
        }
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

    /** Encodes any text, so that different texts have different bytes. */
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

    /** Encodes code units without a charset, because a charset would replace lone surrogates. */
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

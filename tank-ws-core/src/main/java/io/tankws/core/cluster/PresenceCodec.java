package io.tankws.core.cluster;

import io.tankws.Payload;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.PublisherInfo;
import io.tankws.core.presence.UserCount;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bodies of the node messages about presence. A member is that of the node that sends the message. */
final class PresenceCodec {
    /** Maximum number of members in one message. */
    static final int MAX_MEMBERS = 1024;
    /** Number of bytes of members from which on no further member is added to a message. */
    static final int FULL_BYTES = 256 * 1024;

    private static final byte JOINED = 1;
    private static final byte LEFT = 2;
    private static final byte NO_INFO = 0;
    private static final byte TEXT_INFO = 1;
    private static final byte JSON_INFO = 2;
    private static final byte BINARY_INFO = 3;
    /** Bytes of a member without its texts and infos: three lengths and two kinds. */
    private static final int MIN_MEMBER_BYTES = 14;

    private PresenceCodec() {}

    /** Returns whether a message can hold the member. */
    static boolean isEncodable(PresenceMember member) {
        return NodeMessage.isEncodable(member.userId());
    }

    /** Encodes an event, which has a number on its node. */
    static byte[] event(long node, long number, PresenceEvent event) {
        int size = 17 + memberBytes(event.member());
        ByteBuffer out = NodeMessage.begin(NodeMessage.PRESENCE, node, size)
                .putLong(number)
                .put(event instanceof PresenceEvent.Joined ? JOINED : LEFT)
                .putLong(event.time().toEpochMilli());
        putMember(out, event.member());
        return out.array();
    }

    /** Reads the rest of an event after its number. */
    static PresenceEvent event(NodeMessage message, String topic) {
        byte kind = message.octet();
        Instant time = Instant.ofEpochMilli(message.millis());
        PresenceMember member = member(message);
        return switch (kind) {
            case JOINED -> new PresenceEvent.Joined(topic, member, time);
            case LEFT -> new PresenceEvent.Left(topic, member, time);
            default -> throw new IllegalArgumentException("no such event");
        };
    }

    static byte[] question(long node, long number, SurveyQuestion question) {
        byte[] subject = NodeMessage.utf8(question.subject());
        ByteBuffer out = NodeMessage.begin(NodeMessage.QUESTION, node, 17 + subject.length)
                .putLong(number)
                .put((byte) question.kind().code())
                .putInt(question.max());
        NodeMessage.text(out, subject);
        return out.array();
    }

    /** Reads the rest of a question after its number. */
    static SurveyQuestion question(NodeMessage message) {
        SurveyQuestion.Kind kind = SurveyQuestion.Kind.of(message.octet());
        int max = message.integer();
        if (max < 0) {
            throw new IllegalArgumentException("no such maximum");
        }
        return new SurveyQuestion(kind, message.text(), max);
    }

    static byte[] answer(long node, long number, NodeReply.Members answer) {
        int size = 19 + bytes(answer.members());
        ByteBuffer out = beginAnswer(node, number, SurveyQuestion.Kind.MEMBERS, size)
                .putInt(answer.part())
                .put((byte) (answer.isLast() ? 1 : 0))
                .put((byte) (answer.hasMore() ? 1 : 0))
                .putInt(answer.members().size());
        answer.members().forEach(member -> putMember(out, member));
        return out.array();
    }

    static byte[] answer(long node, long number, UserCount count) {
        long[] hashes = count.userHashes();
        ByteBuffer out = beginAnswer(node, number, SurveyQuestion.Kind.COUNT, 29 + 8 * hashes.length)
                .putLong(count.connections())
                .putLong(count.users())
                .putInt(hashes.length);
        for (long hash : hashes) {
            out.putLong(hash);
        }
        return out.array();
    }

    static byte[] answer(long node, long number, boolean isConnected) {
        return beginAnswer(node, number, SurveyQuestion.Kind.CONNECTED, 10)
                .put((byte) (isConnected ? 1 : 0))
                .array();
    }

    private static ByteBuffer beginAnswer(long node, long number, SurveyQuestion.Kind kind, int size) {
        return NodeMessage.begin(NodeMessage.ANSWER, node, size).putLong(number).put((byte) kind.code());
    }

    /** Reads the rest of an answer after its number. */
    static NodeReply answer(NodeMessage message) {
        return switch (SurveyQuestion.Kind.of(message.octet())) {
            case MEMBERS -> members(message);
            case COUNT -> count(message);
            case CONNECTED -> new NodeReply.Connected(message.flag());
        };
    }

    private static NodeReply.Members members(NodeMessage message) {
        int part = message.integer();
        boolean isLast = message.flag();
        boolean hasMore = message.flag();
        int count = message.count(MIN_MEMBER_BYTES, MAX_MEMBERS);
        List<PresenceMember> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            members.add(member(message));
        }
        return new NodeReply.Members(part, isLast, hasMore, members);
    }

    private static NodeReply.Count count(NodeMessage message) {
        long connections = message.number();
        long users = message.number();
        if (users < 0 || connections < users) {
            throw new IllegalArgumentException("no such counts");
        }
        long[] hashes = new long[message.count(Long.BYTES, PresenceCounts.MAX_COMPARED_USERS)];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = message.number();
        }
        if (hashes.length > 0 && hashes.length != users) {
            throw new IllegalArgumentException("no such number of hashes");
        }
        return new NodeReply.Count(new UserCount(connections, users, hashes));
    }

    private static int bytes(List<PresenceMember> members) {
        return members.stream().mapToInt(PresenceCodec::memberBytes).sum();
    }

    static int memberBytes(PresenceMember member) {
        return 12
                + NodeMessage.utf8(member.id()).length
                + NodeMessage.utf8(member.clientId()).length
                + NodeMessage.utf8(member.userId()).length
                + infoBytes(member.info())
                + infoBytes(member.subscriptionInfo());
    }

    private static int infoBytes(Optional<Payload> info) {
        return 1 + info.map(payload -> 4 + payload.size()).orElse(0);
    }

    private static void putMember(ByteBuffer out, PresenceMember member) {
        NodeMessage.text(out, NodeMessage.utf8(member.id()));
        NodeMessage.text(out, NodeMessage.utf8(member.clientId()));
        NodeMessage.text(out, NodeMessage.utf8(member.userId()));
        putInfo(out, member.info().orElse(null));
        putInfo(out, member.subscriptionInfo().orElse(null));
    }

    private static void putInfo(ByteBuffer out, @Nullable Payload info) {
        if (info == null) {
            out.put(NO_INFO);
        } else {
            out.put(code(info.kind())).putInt(info.size());
            info.copyTo(out);
        }
    }

    private static PresenceMember member(NodeMessage message) {
        return new PresenceMember(
                message.text(),
                message.text(),
                message.text(),
                info(message),
                info(message),
                ClusterNode.name(message.node));
    }

    private static byte code(Payload.Kind kind) {
        return switch (kind) {
            case TEXT -> TEXT_INFO;
            case JSON -> JSON_INFO;
            case BINARY -> BINARY_INFO;
        };
    }

    private static Optional<Payload> info(NodeMessage message) {
        byte kind = message.octet();
        if (kind == NO_INFO) {
            return Optional.empty();
        }
        Payload info = switch (kind) {
            case TEXT_INFO -> Payload.text(message.text());
            case JSON_INFO -> json(message.piece());
            case BINARY_INFO -> Payload.binary(message.piece());
            default -> throw new IllegalArgumentException("no such kind of info");
        };
        if (info.size() > PublisherInfo.MAX_INFO_BYTES) {
            throw new IllegalArgumentException("an info is too long");
        }
        return Optional.of(info);
    }

    private static Payload json(ByteBuffer bytes) {
        try {
            return Payload.json(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an info is no JSON", e);
        }
    }
}

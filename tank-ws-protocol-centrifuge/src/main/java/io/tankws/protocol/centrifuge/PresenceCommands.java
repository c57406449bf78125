package io.tankws.protocol.centrifuge;

import io.tankws.Presence;
import io.tankws.PresenceMember;
import io.tankws.protocol.centrifuge.message.ClientInfo;
import io.tankws.protocol.centrifuge.message.PresenceResult;
import io.tankws.protocol.centrifuge.message.PresenceStatsResult;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ProtocolConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The questions of one client for the members of topics. The protocol has no field for an answer that lacks members,
 * so a client gets those that are known.
 */
final class PresenceCommands {
    private final ProtocolConnection connection;
    private final ReplySender replies;

    PresenceCommands(ProtocolConnection connection, ReplySender replies) {
        this.connection = connection;
        this.replies = replies;
    }

    CompletionStage<?> presence(long id, String topic) {
        return connection
                .presence(topic)
                .handle((presence, failure) -> failure == null
                        ? replies.result(id, new PresenceResult(members(presence)))
                        : replies.actionError(id, ClientActionException.of(failure)));
    }

    private Map<String, ClientInfo> members(Presence presence) {
        Map<String, ClientInfo> members = new LinkedHashMap<>();
        for (PresenceMember member : presence.members()) {
            members.put(member.id(), replies.encoding().info(member));
        }
        return members;
    }

    CompletionStage<?> counts(long id, String topic) {
        return connection
                .presenceCounts(topic)
                .handle((counts, failure) -> failure == null
                        ? replies.result(id, new PresenceStatsResult(counts.connections(), counts.users()))
                        : replies.actionError(id, ClientActionException.of(failure)));
    }
}

package io.tankws.core.presence;

import io.tankws.Presence;
import io.tankws.PresenceCounts;
import java.util.concurrent.CompletionStage;

/** The members of topics on all nodes. The caller knows that the topic has presence. */
public interface ClusterPresenceView {
    /** Lists the members of a topic on all nodes. */
    CompletionStage<Presence> presence(String topic);

    /** Counts the members of a topic on all nodes. */
    CompletionStage<PresenceCounts> presenceCounts(String topic);
}

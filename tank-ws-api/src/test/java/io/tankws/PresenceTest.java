package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The answers about presence and the members in them. */
class PresenceTest {
    private static PresenceMember member(String id, String clientId) {
        return new PresenceMember(id, clientId, "ann", Optional.empty(), Optional.empty(), "");
    }

    @Test
    void anAnswerIsCompleteIfNothingIsMissing() {
        List<PresenceMember> members = new ArrayList<>(List.of(member("c1", "c1")));
        Presence all = new Presence(members, false, Set.of());
        members.clear();
        assertEquals(1, all.members().size());
        assertTrue(all.isComplete());
        assertFalse(new Presence(List.of(), true, Set.of()).isComplete());
        assertFalse(new Presence(List.of(), false, Set.of("node")).isComplete());
        assertTrue(new PresenceCounts(2, 1, true, Set.of()).isComplete());
        assertFalse(new PresenceCounts(2, 1, true, Set.of("node")).isComplete());
    }

    @Test
    void aMemberHasIds() {
        assertThrows(IllegalArgumentException.class, () -> member("", "c1"));
        assertThrows(IllegalArgumentException.class, () -> member("c1", ""));
    }

    /** The information may be personal, so it is not part of a text. */
    @Test
    void theTextOfAMemberDoesNotShowItsInfo() {
        Optional<Payload> secret = Optional.of(Payload.text("secret"));
        assertFalse(new PresenceMember("c1", "c2", "ann", secret, secret, "n")
                .toString()
                .contains("secret"));
    }
}

package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.TopicOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
    private final List<String> asked = new ArrayList<>();
    private final TopicOptions options = TopicOptions.builder().historySize(1).build();
    private final TopicSettings settings = new TopicSettings(topic -> {
        asked.add(topic);
        return options;
    });

    @Test
    void asksOnceForATopic() {
        assertSame(options, settings.of("news"));
        assertSame(options, settings.of("news"));
        assertEquals(List.of("news"), asked);
    }

    @Test
    void asksAgainWhenTooManyTopicsAreRemembered() {
        for (int i = 0; i < TopicSettings.MAX_REMEMBERED; i++) {
            settings.of("topic " + i);
        }
        settings.of("topic 0");
        assertEquals(TopicSettings.MAX_REMEMBERED, asked.size());
        settings.of("one more");
        settings.of("topic 0");
        assertEquals(TopicSettings.MAX_REMEMBERED + 2, asked.size());
    }

    @Test
    void withoutAConfigurerNoTopicHasOptions() {
        assertSame(TopicOptions.NONE, new TopicSettings(null).of("news"));
    }

    @Test
    void optionsMustNotBeNull() {
        TopicSettings broken = new TopicSettings(topic -> null);
        assertThrows(NullPointerException.class, () -> broken.of("news"));
    }
}

/** The settings that a manager was built with. */
package io.tankws.core.config;

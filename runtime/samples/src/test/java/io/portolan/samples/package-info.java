/** What a release is tested with: its files, and programs that embed them. */
package io.portolan.samples;

package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import java.util.List;

/** The gradients of a logit by each frame, by a model that sees the frames of a still image as separate inputs. */
final class FrameGradients implements AutoCloseable {
    private final ModelGraph video;
    private final ImageInput frames;
    private final LogitGradients gradients;

    FrameGradients(Checkpoint checkpoint, ModelConfig config) {
        ModelConfig ofFrames = config.withInput(InputForm.VIDEO);
        this.frames = ofFrames.input();
        this.video = ModelGraph.build(checkpoint, ofFrames, Plan.FUSED);
        this.gradients = new LogitGradients(video, config.classes(), List.of(video.input()));
    }

    /** @param sample of a still image, or all frames */
    List<Plane> of(float[] sample, int chosenClass) {
        float[] all = sample.length == video.sampleSize() ? sample : frames.inEveryFrame(sample);
        return Plane.ofPixels(gradients.of(all, chosenClass).gradients().get(0), frames);
    }

    @Override
    public void close() {
        video.close();
    }
}

/** The scripted model, for Strands. */
import { Model } from '@strands-agents/sdk';
import { nextMove } from '../support/script.mjs';

class ScriptedModel extends Model {
  getConfig() {
    return {};
  }

  updateConfig() {}

  async *stream() {
    const { id: toolUseId, tool: name, input, text } = nextMove();
    const start = name ? { start: { type: 'toolUseStart', name, toolUseId } } : {};
    const delta = name ? { type: 'toolUseInputDelta', input: JSON.stringify(input) } : { type: 'textDelta', text };
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    yield { type: 'modelContentBlockStartEvent', ...start };
    yield { type: 'modelContentBlockDeltaEvent', delta };
    yield { type: 'modelContentBlockStopEvent' };
    yield { type: 'modelMessageStopEvent', stopReason: name ? 'toolUse' : 'endTurn' };
  }
}

export const model = new ScriptedModel();

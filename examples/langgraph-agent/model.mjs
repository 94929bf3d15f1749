/** The scripted model, for LangChain. */
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage } from '@langchain/core/messages';
import { nextMove } from '../support/script.mjs';

class ScriptedModel extends BaseChatModel {
  _llmType() {
    return 'scripted';
  }

  bindTools() {
    return this;
  }

  async _generate() {
    const { id, tool: name, input: args, text = '' } = nextMove();
    const calls = name ? [{ id, name, args, type: 'tool_call' }] : [];
    return { generations: [{ text, message: new AIMessage({ content: text, tool_calls: calls }) }] };
  }
}

export const model = new ScriptedModel({});

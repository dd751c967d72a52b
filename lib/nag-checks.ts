import { type App, type IPolicyValidationContext, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { acknowledgements } from '#lib/nag-acknowledgements';

/** A pack of cdk-nag that acknowledges what it finds, construct by construct, where there is a reason to. */
class ExplainedChecks implements IPolicyValidationPlugin {
  readonly name: string;
  readonly #app: App;
  readonly #pack: NagPack;
  readonly #prefix: string;

  constructor(app: App, pack: NagPack, prefix: string) {
    this.name = pack.name;
    this.#app = app;
    this.#pack = pack;
    this.#prefix = prefix;
  }

  /** Called when references between stacks are resolved: only then cdk-nag names what it found for good. */
  validate(context: IPolicyValidationContext) {
    const report = this.#pack.validate(context);
    for (const { ruleName, violatingResources } of report.violations) {
      for (const { constructPath } of violatingResources) this.#acknowledge(ruleName, constructPath);
    }
    return report;
  }

  #acknowledge(rule: string, path = '') {
    const inStage = path.replace(this.#prefix, '');
    const known = acknowledgements.find(({ finding, on }) => finding.test(rule) && on.test(inStage));
    const construct = this.#app.node.findAll().find(({ node }) => node.path === path);
    if (known && construct) {
      Validations.of(construct).acknowledge({ id: `${this.name}::${rule}`, reason: known.reason });
    }
  }
}

/** Has the stacks checked by the AwsSolutions and Serverless packs: what is neither mended nor acknowledged fails the synthesis. */
export const addNagChecks = (app: App, stage: string): void => {
  const packs = [new AwsSolutionsChecks(), new ServerlessChecks()];
  Validations.of(app).addPlugins(...packs.map((pack) => new ExplainedChecks(app, pack, `iorch-${stage}-`)));
};

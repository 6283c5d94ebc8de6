package secret

// A form is the syntax of a kind of token: a unique prefix, followed by a
// number of characters from a set.
type form struct {
	prefix   string
	of       set
	min, max int    // characters behind the prefix
	kind     string // the issuer and kind of token
	source   string // the page that documents the form
}

// A set is a character set of tokens.
type set uint8

const (
	hex    set = iota // 0-9 a-f, in either case
	upper             // A-Z 0-9
	alnum             // A-Z a-z 0-9
	word              // and _ -
	dotted            // and .
	base64            // A-Z a-z 0-9 + /

	dashes set = 8 // with one of the others: also - and _
)

// endless is the maximum length of tokens without a limit.
const endless = 1 << 20

// Pages that document several forms.
const (
	awsIDs      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"
	githubForms = "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/"
	gitlabForms = "https://docs.gitlab.com/security/tokens/#token-prefixes"
	slackForms  = "https://docs.slack.dev/authentication/tokens/"
	stripeForms = "https://docs.stripe.com/keys"
	googleForms = "https://docs.cloud.google.com/docs/authentication/api-keys"
	doForms     = "https://docs.digitalocean.com/reference/api/create-personal-access-token/"
	vaultForms  = "https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes"
	shopify     = "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing"
	planetscale = "https://planetscale.com/docs/concepts/service-tokens"
	doppler     = "https://docs.doppler.com/reference/auth-token-formats"
	newRelic    = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
	github      = "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"
	gitleaks    = "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml"
)

// forms are the tokens that have a known prefix, as of 2026-12-01. A token that
// has a fixed length and character set but no unique prefix (a Datadog key, 32
// hexadecimal digits, or an old Heroku id) is recognised only by its name.
var forms = [...]form{
	{"AKIA", upper, 16, 16, "AWS access key id", awsIDs},
	{"ASIA", upper, 16, 16, "AWS temporary access key id", awsIDs},
	{"ABIA", upper, 16, 16, "AWS bearer token", awsIDs},
	{"ACCA", upper, 16, 16, "AWS context-specific credential", awsIDs},
	{"IQoJb3JpZ2lu", base64, 100, endless, "AWS session token", gitleaks},
	{"FwoGZXIvYXdz", base64, 100, endless, "AWS session token", gitleaks},
	{"ABSK", base64, 109, 271, "Amazon Bedrock API key", gitleaks},
	{"bedrock-api-key-", base64, 20, endless, "Amazon Bedrock API key", gitleaks},

	{"ghp_", alnum, 36, 255, "GitHub personal access token", githubForms},
	{"gho_", alnum, 36, 255, "GitHub OAuth token", githubForms},
	{"ghu_", alnum, 36, 255, "GitHub user token", githubForms},
	{"ghs_", dotted, 36, 1024, "GitHub installation token", githubForms},
	{"ghr_", alnum, 36, 255, "GitHub refresh token", githubForms},
	{"github_pat_", word, 82, 255, "GitHub personal access token", githubForms},

	{"glpat-", dotted, 20, 320, "GitLab personal access token", gitlabForms},
	{"gldt-", word, 20, 320, "GitLab deploy token", gitlabForms},
	{"glrt-", dotted, 20, 320, "GitLab runner token", gitlabForms},
	{"glrtr-", dotted, 20, 320, "GitLab runner token", gitlabForms},
	{"glcbt-", word, 20, 2048, "GitLab job token", gitlabForms},
	{"glptt-", word, 20, 320, "GitLab trigger token", gitlabForms},
	{"glft-", word, 20, 320, "GitLab feed token", gitlabForms},
	{"glimt-", word, 20, 320, "GitLab incoming mail token", gitlabForms},
	{"glagent-", word, 20, 320, "GitLab agent token", gitlabForms},
	{"gloas-", word, 20, 320, "GitLab OAuth secret", gitlabForms},
	{"glsoat-", word, 20, 320, "GitLab SCIM token", gitlabForms},
	{"glffct-", word, 20, 320, "GitLab feature flags token", gitlabForms},
	{"GR1348941", word, 20, 64, "GitLab registration token", gitlabForms},

	{"xoxb-", word, 20, 255, "Slack bot token", slackForms},
	{"xoxp-", word, 20, 255, "Slack user token", slackForms},
	{"xoxa-", word, 20, 255, "Slack token", slackForms},
	{"xoxr-", word, 20, 255, "Slack refresh token", slackForms},
	{"xoxs-", word, 20, 255, "Slack token", slackForms},
	{"xoxo-", word, 20, 255, "Slack token", slackForms},
	{"xoxe-", word, 20, 255, "Slack token", slackForms},
	{"xoxe.", word, 20, 255, "Slack token", slackForms},
	{"xapp-", word, 20, 255, "Slack app token", slackForms},
	{"hooks.slack.com/", base64, 30, 128, "Slack webhook", "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/"},

	{"sk_live_", alnum, 10, 255, "Stripe key", stripeForms},
	{"sk_test_", alnum, 10, 255, "Stripe key", stripeForms},
	{"rk_live_", alnum, 10, 255, "Stripe key", stripeForms},
	{"rk_test_", alnum, 10, 255, "Stripe key", stripeForms},
	{"whsec_", base64, 24, 128, "webhook secret", "https://docs.stripe.com/webhooks"},

	{"AIza", word, 35, 35, "Google API key", googleForms},
	{"GOCSPX-", word, 28, 28, "Google OAuth secret", gitleaks},
	{"ya29.", dotted, 40, endless, "Google OAuth token", github},

	{"npm_", alnum, 36, 36, "npm token", "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/"},
	{"pypi-AgE", word, 50, endless, "PyPI token", "https://pypi.org/help/#apitoken"},
	{"rubygems_", hex, 48, 48, "RubyGems key", gitleaks},
	{"cio", alnum, 32, 32, "crates.io token", github},
	{"dckr_pat_", word, 20, 64, "Docker token", github},
	{"dckr_oat_", word, 20, 64, "Docker token", github},
	{"CLOJARS_", alnum, 60, 60, "Clojars token", gitleaks},
	{"AKCp", alnum, 69, 69, "Artifactory key", gitleaks},
	{"cmVmdGtu", alnum, 56, 56, "Artifactory token", gitleaks},

	{"SK", hex, 32, 32, "Twilio API key", "https://www.twilio.com/docs/iam/api-keys"},
	{"SG.", dotted, 66, 66, "SendGrid key", "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"},
	{"key-", hex, 32, 32, "Mailgun key", gitleaks},
	{"xkeysib-", word, 81, 81, "Brevo key", gitleaks},

	{"dop_v1_", hex, 64, 64, "DigitalOcean token", doForms},
	{"doo_v1_", hex, 64, 64, "DigitalOcean OAuth token", doForms},
	{"dor_v1_", hex, 64, 64, "DigitalOcean refresh token", doForms},

	{"hvs.", word, 24, 300, "Vault service token", vaultForms},
	{"hvb.", word, 24, 600, "Vault batch token", vaultForms},
	{"hvr.", word, 24, 600, "Vault recovery token", vaultForms},

	{"NRAK-", upper, 27, 27, "New Relic user key", newRelic},
	{"NRII-", word, 32, 32, "New Relic insert key", newRelic},
	{"NRJS-", hex, 19, 19, "New Relic browser key", newRelic},

	{"sk-proj-", word, 40, 255, "OpenAI key", "https://help.openai.com/en/articles/9186755-managing-projects-in-the-api-platform"},
	{"sk-svcacct-", word, 40, 255, "OpenAI key", gitleaks},
	{"sk-admin-", word, 40, 255, "OpenAI key", gitleaks},
	{"sk-ant-", word, 40, 255, "Anthropic key", "https://docs.claude.com/en/api/overview"},
	{"hf_", alnum, 34, 40, "Hugging Face token", "https://huggingface.co/docs/hub/security-tokens"},
	{"pplx-", alnum, 48, 48, "Perplexity key", gitleaks},
	{"gsk_", alnum, 52, 52, "Groq key", github},
	{"r8_", word, 37, 37, "Replicate token", github},
	{"xai-", alnum, 70, 90, "xAI key", github},

	{"ATATT3", base64 | dashes, 100, 255, "Atlassian token", "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"},
	{"ATCTT3", base64 | dashes, 100, 255, "Bitbucket token", github},
	{"ATBB", alnum, 32, 32, "Bitbucket app password", github},

	{"shpat_", hex, 32, 64, "Shopify token", shopify},
	{"shpca_", hex, 32, 64, "Shopify token", shopify},
	{"shppa_", hex, 32, 64, "Shopify token", shopify},
	{"shpss_", hex, 32, 64, "Shopify secret", shopify},

	{"EAAA", word, 56, 60, "Square token", "https://developer.squareup.com/docs/build-basics/access-tokens"},
	{"sq0atp-", word, 22, 60, "Square token", gitleaks},
	{"sq0csp-", word, 43, 43, "Square secret", github},

	{"HRKU-", word, 30, 80, "Heroku key", "https://devcenter.heroku.com/changelog-items/2842"},
	{"dapi", hex, 32, 32, "Databricks token", "https://docs.databricks.com/aws/en/dev-tools/auth/pat"},
	{"dose", hex, 32, 32, "Databricks secret", github},
	{"glsa_", word, 41, 41, "Grafana token", "https://grafana.com/docs/grafana/latest/administration/service-accounts/"},
	{"glc_", base64, 32, 400, "Grafana Cloud token", "https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/"},
	{"lin_api_", alnum, 40, 40, "Linear key", "https://linear.app/developers/graphql#personal-api-keys"},
	{"lin_oauth_", hex, 64, 64, "Linear token", github},
	{"secret_", alnum, 43, 43, "Notion token", "https://developers.notion.com/page/changelog"},
	{"ntn_", alnum, 46, 46, "Notion token", "https://developers.notion.com/page/changelog"},
	{"pscale_tkn_", dotted, 32, 64, "PlanetScale token", planetscale},
	{"pscale_pw_", dotted, 32, 64, "PlanetScale password", planetscale},
	{"pscale_oauth_", dotted, 32, 64, "PlanetScale token", planetscale},
	{"dp.pt.", alnum, 40, 44, "Doppler token", doppler},
	{"dp.st.", dotted, 40, 80, "Doppler token", doppler},
	{"dp.ct.", alnum, 40, 44, "Doppler token", doppler},
	{"dp.sa.", alnum, 40, 44, "Doppler token", doppler},
	{"dp.said.", alnum, 40, 44, "Doppler token", doppler},
	{"dp.scim.", alnum, 40, 44, "Doppler token", doppler},
	{"dp.audit.", alnum, 40, 44, "Doppler token", doppler},
	{"fo1_", word, 43, 43, "Fly token", gitleaks},
	{"fm1r_", base64, 100, endless, "Fly token", gitleaks},
	{"fm1a_", base64, 100, endless, "Fly token", gitleaks},
	{"fm2_", base64, 100, endless, "Fly token", "https://fly.io/docs/security/tokens/"},
	{"sbp_", alnum | dashes, 40, 64, "Supabase token", "https://supabase.com/docs/guides/platform/personal-access-tokens"},
	{"sb_secret_", word, 20, 64, "Supabase key", "https://supabase.com/docs/guides/api/api-keys"},
	{"ops_eyJ", base64, 200, endless, "1Password service account token", "https://developer.1password.com/docs/service-accounts/"},
	{"A3-", upper | dashes, 33, 37, "1Password secret key", "https://support.1password.com/secret-key/"},
	{"AGE-SECRET-KEY-1", upper, 58, 58, "age key", "https://github.com/C2SP/C2SP/blob/main/age.md"},
	{"AGE-PLUGIN-", upper | dashes, 30, endless, "age key", "https://github.com/C2SP/C2SP/blob/main/age-plugin.md"},

	{"dt0c01.", dotted, 89, 89, "Dynatrace token", "https://docs.dynatrace.com/docs/discover-dynatrace/references/dynatrace-api/basics/dynatrace-api-authentication"},
	{"sntrys_", base64 | dashes, 40, endless, "Sentry token", "https://docs.sentry.io/account/auth-tokens/"},
	{"sntryu_", hex, 64, 64, "Sentry token", "https://docs.sentry.io/account/auth-tokens/"},
	{"pul-", hex, 40, 40, "Pulumi token", gitleaks},
	{"PMAK-", word, 59, 59, "Postman key", gitleaks},
	{"CCIPAT_", word, 40, 80, "CircleCI token", github},
	{"bkua_", hex, 40, 40, "Buildkite token", github},
	{"tskey-", word, 20, 80, "Tailscale key", "https://tailscale.com/kb/1277/key-prefixes"},
	{"figd_", word, 40, 60, "Figma token", github},
	{"CFPAT-", word, 43, 43, "Contentful token", github},
	{"sgp_", hex | dashes, 40, 64, "Sourcegraph token", gitleaks},
	{"squ_", hex, 40, 40, "Sonar token", gitleaks},
	{"sqp_", hex, 40, 40, "Sonar token", gitleaks},
	{"sqa_", hex, 40, 40, "Sonar token", gitleaks},
	{"phx_", alnum, 40, 50, "PostHog key", github},
	{"pnu_", alnum, 36, 36, "Prefect key", gitleaks},
	{"ico-", alnum, 32, 32, "Infracost key", gitleaks},
	{"rdme_", alnum, 70, 70, "ReadMe key", gitleaks},
	{"API-", upper, 26, 26, "Octopus key", gitleaks},
	{"sha256~", word, 43, 43, "OpenShift token", gitleaks},
	{"LTAI", alnum, 20, 20, "Alibaba Cloud key id", gitleaks},
	{"shippo_live_", hex, 40, 40, "Shippo token", gitleaks},
	{"EZAK", alnum, 54, 54, "EasyPost key", gitleaks},
	{"tfp_", dotted, 40, 64, "Typeform token", gitleaks},
	{"v1.0-", hex | dashes, 171, 171, "Cloudflare origin key", gitleaks},
	{"rzp_live_", alnum, 14, 14, "Razorpay key", github},
	{"duffel_live_", word, 43, 43, "Duffel token", gitleaks},
}
